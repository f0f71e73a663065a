"""What words mean at a library desk: English and Spanish words of one idea; `*` stands for any ending. Pure.

Written without accents and in small letters, as `features.plain` leaves them. A word may stand for several ideas.
"""

# fmt: off
IDEAS: dict[str, str] = {
    # printing
    "print": "print* imprim* impres* prints",
    "printer": "printer* impresora* tray bandeja* feeder alimentador fuser",
    "paper": "paper papel sheet* hoja* cardstock",
    "jam": "jam jams jammed jamming jam's atasc* atora*",
    "toner": "toner ink cartridge* tinta cartucho*",
    "streaks": "streak* stripe* smear* smudge* faded mancha* raya* blurry ghost pink tint",
    "copy": "copy copies copier* copiar copia* fotocop* xerox",
    "scan": "scan* escan*",
    "fax": "fax*",
    "money": "money dollar* coin* cash quarter* cents refund* balance pay paid payment* saldo dinero moneda* billete* "
             "cobr* pagar pague pago charged fee cost costs cuesta cuanto price buck bucks change deposit",
    "colour": "color colour",
    # things people bring, things we lend
    "phone": "phone* cell cellphone iphone* android celular* telefono* movil smartphone samsung sim",
    "tablet": "tablet* ipad* tableta*",
    "laptop": "laptop* chromebook* macbook portatil*",
    "ebook": "ebook* e-book* kindle nook libby hoopla overdrive kanopy audiobook* audiolibro* electronico* "
             "digital app apps magazines revistas",
    "own": "my own mine mi mis propio propia personal",
    "loaner": "loaner* borrowed prestada prestado lent rented",
    "lend": "lend loan borrow rent prestan prestar",
    # files
    "stick": "usb flash stick sticks thumb jump memoria drive pendrive",
    "file": "file* document* archivo* documento* folder* carpeta*",
    "save": "save* saving guard*",
    "download": "download* bajar baje bajo descarg*",
    "photo": "photo* picture* foto* pic pics",
    "lost": "lost find gone disappear* vanish* perdi perdio encuentr* missing desaparec*",
    # the machine
    "slow": "slow* lent* lag* forever tarda crawl* sluggish",
    "frozen": "froze frozen freez* hang hangs hung congel* trab* stuck respond* unresponsive locks pegada colgada "
              "hourglass spinning spin",
    "power": "power prende prendio enciend* boot* startup apaga apagada apago shuts electric* outlet enchufe plug",
    "crash": "crash* shuts closes closing cierra blue reboots reinicia",
    "restart": "restart* reboot* reiniciar reiniciamos reiniciaron reiniciado",
    "noise": "noise noisy grind* rattl* ruido loud fan ventilador buzz* clunk beep* pita",
    "danger": "smoke smell* burn* spark* fire odor humo huele quemad* chispa* olor shock melt* swollen inflada hot",
    "liquid": "spill* water coffee juice soda liquid derram* agua cafe wet mojad* drip* leak*",
    "screen": "screen* monitor* display* pantalla*",
    "picture_wrong": "sideways upside rotated turned zoomed huge giant tiny bigger smaller chiquit* grande inverted "
                     "enormous flipped volteada letra",
    "broken": "broken broke crack* snapped shatter* damaged torn rot* rompi* danad* descompuest* bent dead smashed "
              "chipped estrellad* sirve worn ripped busted",
    "flicker": "flicker* parpade* lines lineas stripes pixels patch",
    "keyboard": "keyboard* teclad* key keys tecla* type types typing letters caps mayuscula* acento* accent* arroba",
    "mouse": "mouse mice raton pointer cursor touchpad trackpad click* trackball scroll",
    "sound": "sound* audio volume hear sonido oye oir volumen escuch* mute* muted speaker* bocina* silent",
    "headphones": "headphone* headset* earphone* earbud* audifono* jack",
    "camera": "camera* webcam* camara* lens",
    "microphone": "mic microphone* microfono*",
    "meeting": "zoom meet meeting* teams videollamada* telehealth reunion skype facetime video virtual appointment cita",
    "disabled": "blind disab* wheelchair deaf vision ciego* ciega* discapac* silla sordo arthritis eyesight impaired "
                "hands manos accessible accesible",
    "access_tool": "narrator nvda jaws zoomtext magnif* braille lector lupa captions subtitulos reader",
    "dirt": "dirty sticky gum gross disgusting crumbs trash suci* pegajos* basura clean* limpi* wipe* "
            "toallitas sanitizer food comida dust yuck",
    "furniture": "chair* seat table desk mesa silla mouse-pad",
    # programs and the net
    "program": "program* software programa* aplicacion* game juego*",
    "install": "install* instal* administrator administrador admin license licencia plugin update actualiz*",
    "error": "error* err dll failed falla fallo",
    "browser": "browser* chrome firefox edge safari navegador",
    "site": "site sites website* webpage page* web pagina* sitio link* enlace*",
    "secure": "secure certificate certificado privada clock date fecha",
    "blocked": "block* bloque* filter* filtro filtra restrict* prohibid* denied permitido unblock*",
    "wifi": "wifi wi-fi wi wireless red inalambr* hotspot* network* vpn",
    "internet": "internet online connection* conexion* offline connect* conect*",
    "down": "down out outage caido cayo fuera",
    "system": "system sistema server servidor ils sip polaris symphony",
    "kiosk": "kiosk* kiosco* sign-up touchscreen touch tactil slip papelito",
    "barcode": "barcode* barras",
    # how far it reaches, what was tried
    "everyone": "all every everyone everybody everywhere none nobody nobody's whole entire both todas todos toda todo "
                "ninguna ningun nadie ambos building lab branches edificio others several half",
    "again": "again times third fourth thrice keeps always every still siempre veces sigue cada daily",
    "tried": "tried already after replugg* swapped swap changed cambiamos probamos revisamos ya twice intent* reset",
    "fails": "won't wont doesn't doesnt isn't isnt can't cant cannot not stopped no nothing never aren't didn't quit "
             "quits unable without",
    "question": "how where what which when who is are do does can could may como donde cual cuales cuando cuanto hay "
                "puedo puede pueden se tienen",
    "help": "help ayuda ayude ayudar need needs necesito",
    # cards and accounts
    "card": "card* tarjeta*",
    "password": "pin pins password* contrasena* clave* passcode",
    "sign_in": "login log logged logs logging sign signed signin entrar sesion logon",
    "mail": "email* e-mail* gmail yahoo hotmail outlook mail inbox correo aol",
    "code": "code* verif* codigo* authenticator",
    "account": "account* cuenta*",
    "traces": "history track* delete* erase* historial borra* private privada privado see saw ver watch remember",
    "someone_else": "someone somebody else else's another another's stranger's previous otra otro alguien persona last",
    "left_open": "left forgot logout logoff open abierta abierto deje olvid* signed",
    "virus": "virus* infect* hack* malware ransom popup* pop-up* alert* alerta warning* trojan encrypted threats",
    "scam": "scam* fake estafa fraud gift bitcoin prize premio caller called llamo llamaron irs legit microsoft",
    # places, rules, time
    "place": "bathroom restroom* bano elevator exit floor room sala stairs desk upstairs parking building",
    "open_hours": "hours open opens close closes closed closing abren cierran abiertos horario sunday monday tuesday "
                  "saturday friday domingo* sabado holiday feriado",
    "reserve": "reserv* book booked booking* apart* turno* waiting waitlist line queue fila spot",
    "time": "time minute* hour* minutos tiempo limit* limite* extend* longer mins extra ext",
    "guest": "guest* visitor* visiting tourist* invitado visitante* pase pass passes passing turista",
    "child": "kid kids kid's child* son daughter hijo* hija* nino* nina* teen* adolescente* niece nephew",
    "rule": "allowed permit* rule* reglas permission permiso age edad ok okay policy",
    "loud": "loud loudly noisy talking shouting yelling quiet ruido gritando porn",
    # learning and finding
    "teach": "teach learn lesson* class classes aprender ensen* clase clases beginner* basics basico tutor",
    "office": "word excel powerpoint spreadsheet* margin* margenes font columns column bullets template plantilla "
              "publisher docs slides essay flyer volante paragraph chart formula*",
    "pdf": "pdf pdfs",
    "form": "form forms application* apply applying register fill filled solicitud* formulario* llenar llene submit "
            "enviar required registr*",
    "upload": "upload* attach* subo subir adjunt*",
    "law": "court eviction evict* landlord tenant divorce* immigration citizen* legal lawyer snap benefits medicaid "
           "passport pasaporte desalojo ciudadan* migracion inmigracion gobierno government abogado custody voter law "
           "visa residencia divorcio unemployment desempleo veterans",
    "health": "doctor* health* medic* diabetes cancer disease diagnos* symptom* insurance clinic* salud enfermedad "
              "seguro medicare medicaid hospital",
    "tax": "tax taxes 1040 w2 refund impuesto* deduct",
    "job": "job jobs resume* resumes work employ* hiring interview* trabajo* empleo curriculum linkedin indeed career",
    "translate": "translat* traduc* interpreter interprete",
    "tongue": "language* spanish english espanol ingles idioma chinese arabic french russian vietnamese somali mandarin "
              "ukrainian",
    "book": "book books novel* author* dvd dvds movie* libro libros novela* pelicula* manga fiction textbook series",
    "catalogue": "catalog* shelf hold holds call-number title",
    "research": "article* articulos historical newspaper* sources cite obituary* genealogy ancest* census statistics "
                "historia history periodico* fuentes database* yearbooks reviews antepasados",
}
# fmt: on
