"""Small words of English and Spanish, without accents: they stand in every line and explain nothing. Pure."""

_ENGLISH = """
a about above after again all already also always am an and any anybody anyone anything are aren't as at away back be
because been before being below both but by came can can't cannot come comes could couldn't did didn't do does doesn't
doing don't done down each else even ever every everything few for from get gets getting give go goes going gone got had
has hasn't have haven't having he he's her here here's hers him his how how's i i'd i'll i'm i've if im in into is isn't
it it's its itself just keep keeps know let let's like little look made make makes many may maybe me might more most
much must my myself need needs never no nobody not nothing now of off oh ok okay on once one only or other our out over
own please put really said same say says see seem seems she she's should show shows so some somebody someone something
still such take takes tell tells than that that's the their them then there there's these they they're thing things this
those through to told too tried try trying two under until up us use used uses using very want wants was wasn't way we
we're well went were what what's when where where's which while who why will with without won't would wouldn't yes yet
you you're your dont doesnt didnt cant wont isnt thats whats
"""
_SPANISH = """
a al algo alguien alguna algunas alguno algunos ante antes aqui asi aun aunque cada como con contra cual cuales cuando
cuanto da dar de debe debo decir del desde dice dicen donde dos e el ella ellas ellos en entre era eran es esa esas ese
eso esos esta estaba estan estar estas este esto estos estoy fue fueron gracias ha hace hacer hago han hasta hay he hice
hola ir la las le les lo los mas me mi mis mucha muchas mucho muchos muy nada ni no nos nosotros nuestra nuestro o otra
otras otro otros para pero poco poder por porque pues puede puedo que quien quiere quiero sale se sea ser si sido
siempre sin sobre solo son soy su sus tal tambien tan tanto te tengo tiene tienen toda todas todo todos tu tus
un una unas uno unos usted va vamos voy y ya yo
"""
SMALL = frozenset(f"{_ENGLISH} {_SPANISH}".split())
