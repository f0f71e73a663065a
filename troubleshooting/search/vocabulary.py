"""The words that a misspelt one is compared with, made anew from what questions and our own lines say."""

from django.db import connection, transaction

from troubleshooting.models import Category, GuideStep, SearchWord
from troubleshooting.triage.lines import to_learn

SEEN_IN = 3  # questions: a word of fewer could tell of one person, or be a typo

# No numbers: what is looked for by number is found as it is typed.
FROM_QUESTIONS = """
INSERT INTO troubleshooting_searchword (word, tickets)
SELECT word, ndoc FROM ts_stat('SELECT words FROM troubleshooting_ticket WHERE text <> '''' OR answer <> ''''')
WHERE ndoc >= %s AND length(word) BETWEEN 2 AND 40 AND word !~ '[0-9]'
"""
FROM_OURS = """
INSERT INTO troubleshooting_searchword (word, tickets)
SELECT word, 0 FROM unnest(tsvector_to_array(to_tsvector('helpdesk', %s))) AS word
WHERE length(word) BETWEEN 2 AND 40 AND word !~ '[0-9]'
ON CONFLICT (word) DO NOTHING
"""


@transaction.atomic
def learn_words() -> int:
    """Make the words anew and return how many there are; a word whose questions were forgotten is forgotten too."""
    ours = [line.text for line in to_learn()]
    ours += Category.objects.values_list("name", flat=True)
    for texts in GuideStep.objects.filter(version__is_live=True).values_list("texts", flat=True):
        ours += [words for text in texts.values() for words in text.values()]
    SearchWord.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(FROM_QUESTIONS, [SEEN_IN])
        cursor.execute(FROM_OURS, ["\n".join(ours)])
    return SearchWord.objects.count()
