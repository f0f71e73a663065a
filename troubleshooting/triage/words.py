"""What words mean at a library desk: English and Spanish words of one idea; `*` stands for any ending. Pure.

Written without accents and in small letters, as `features.plain` leaves them. A word may stand for several ideas.
"""

# fmt: off
IDEAS: dict[str, str] = {
    # printing
    "print": "print* imprim* impres* prints",
    "printer": "printer* impresora* tray bandeja* feeder alimentador fuser roller* rollers",
    "paper": "paper papel sheet* hoja* cardstock",
    "jam": "jam jams jammed jamming jam's atasc* atora*",
    "toner": "toner ink cartridge* tinta cartucho* replace refill powder",
    "streaks": "streak* stripe* smear* smudge* faded mancha* raya* blurry ghost pink tint",
    "copy": "copy copies copier* copiar copia* fotocop* xerox enlarge stapled originals",
    "scan": "scan* escan* slides negatives",
    "fax": "fax*",
    "money": "money dollar* coin* cash quarter* cents refund* balance pay paid payment* saldo dinero moneda* "
             "billete* cobr* pagar pague pago charged fee cost costs cuesta cuanto price buck bucks change "
             "deposit acct credit bill bills credito five ten twenty zero loaded insufficient owe fines fine "
             "multas debo quarter charges",
    "colour": "color colour",
    # things people bring, things we lend
    "phone": "phone* cell cellphone iphone* android celular* telefono* movil smartphone samsung sim contact "
             "contacts whatsapp voicemail sms watch smartwatch bluetooth pair flashlight contactos",
    "tablet": "tablet* ipad* tableta*",
    "laptop": "laptop* chromebook* macbook portatil*",
    "ebook": "ebook* e-book* kindle nook libby hoopla overdrive kanopy audiobook* audiolibro* electronico* "
             "digital app apps magazines revistas audiobooks borrows read reading app's duolingo mango leer "
             "kindle's",
    "own": "my own mine mi mis propio propia personal bought new nuevo nueva compre",
    "loaner": "loaner* borrowed prestada prestado lent rented",
    "lend": "lend loan borrow rent prestan prestar",
    # files
    "stick": "usb flash stick sticks thumb jump memoria drive pendrive port ports puerto disk drives cd "
             "external disco storage sd",
    "file": "file* document* archivo* documento* folder* carpeta* folders attachment zip jpg pages",
    "save": "save* saving guard* unsaved recover recuperar lose restore",
    "download": "download* bajar baje bajo descarg* downloads",
    "photo": "photo* picture* foto* pic pics jpg image images scanned",
    "lost": "lost find gone disappear* vanish* perdi perdio encuentr* missing desaparec* falta faltan nowhere",
    # the machine
    "computer": "computer* pc pcs computadora* maquina* machine machines mac macs station estacion ordenador* "
                "workstation* imac",
    "slow": "slow* lent* lag* forever tarda crawl* sluggish taking loading ages eternity demora",
    "frozen": "froze frozen freez* hang hangs hung congel* trab* stuck respond* unresponsive locks pegada "
              "colgada hourglass spinning spin moves grey loop rainbow wheel waiting pensando",
    "power": "power prende prendio enciend* boot* startup apaga apagada apago shuts electric* outlet enchufe "
             "plug dead on/off charger cargador battery bateria cord cords apagado tower torre starts switch "
             "switched button boton muerta carga charge charging start",
    "crash": "crash* shuts closes closing cierra blue reboots reinicia loop failure bsod",
    "restart": "restart* reboot* reiniciar reiniciamos reiniciaron reiniciado",
    "noise": "noise noisy grind* rattl* ruido loud fan ventilador buzz* clunk beep* pita screaming rattling "
             "clicking bulla beeping beeps",
    "danger": "smoke smell* burn* spark* fire odor humo huele quemad* chispa* olor shock melt* swollen inflada "
              "hot sparked fizz frayed bulging sparking flame fuego gas",
    "liquid": "spill* water coffee juice soda liquid derram* agua cafe wet mojad* drip* leak* dumped ceiling "
              "bottle botella jugo refresco",
    "screen": "screen* monitor* display* pantalla* window windows desktop icons taskbar escritorio brightness",
    "picture_wrong": "sideways upside rotated turned zoomed huge giant tiny bigger smaller chiquit* grande "
                     "inverted enormous flipped volteada letra stretched contrast zoom small large size colors "
                     "colores bright upside-down tamano orientation chico",
    "broken": "broken broke crack* snapped shatter* damaged torn rot* rompi* danad* descompuest* bent dead "
              "smashed chipped estrellad* sirve worn ripped busted loose fell off dies snaps jammed fix repair "
              "repairs service faulty defective averiad* malogr* danado danada roto",
    "flicker": "flicker* parpade* lines lineas stripes pixels patch",
    "keyboard": "keyboard* teclad* key keys tecla* type types typing letters caps mayuscula* acento* accent* "
                "arroba symbol symbols numbers shift letter enter spacebar space numeros letras @ tilde",
    "mouse": "mouse mice raton pointer cursor touchpad trackpad click* trackball scroll wheel touches",
    "sound": "sound* audio volume hear sonido oye oir volumen escuch* mute* muted speaker* bocina* silent music "
             "musica listen ear headset crackly youtube",
    "headphones": "headphone* headset* earphone* earbud* audifono* jack",
    "camera": "camera* webcam* camara* lens",
    "microphone": "mic microphone* microfono*",
    "meeting": "zoom meet meeting* teams videollamada* telehealth reunion skype facetime video virtual "
               "appointment cita call calls conference visit interview entrevista llamada google-meet",
    "disabled": "blind disab* wheelchair deaf vision ciego* ciega* discapac* silla sordo arthritis eyesight "
                "impaired hands manos accessible accesible low-vision lower adjustable ajustable ruedas "
                "service-dog tremble elderly stroke see ada disability disabilities",
    "access_tool": "narrator nvda jaws zoomtext magnif* braille lector lupa captions subtitulos reader speech "
                   "aloud contrast voice talking talks dragon hablar",
    "dirt": "dirty sticky gum gross disgusting crumbs trash suci* pegajos* basura clean* limpi* wipe* toallitas "
            "sanitizer food comida dust yuck crayon marker bugs hair fingerprints wobbles mess messy sick vomit",
    "furniture": "chair* seat table desk mesa silla mouse-pad cushion wheel leg wobbly arm",
    # programs and the net
    "program": "program* software programa* aplicacion* game juego* photoshop autocad java adobe spotify "
               "minecraft python scratch skype quickbooks office outlook app reinstall editor apps extension "
               "plug-in",
    "install": "install* instal* administrator administrador admin license licencia plugin update actualiz* "
               "installed credentials elevation version put missing requires need",
    "error": "error* err dll failed falla fallo message msg warning mensaje problem problema",
    "browser": "browser* chrome firefox edge safari navegador cookies captcha javascript popups tab",
    "site": "site sites website* webpage page* web pagina* sitio link* enlace* portal login-page load loads "
            "homework bank banco escuela",
    "secure": "secure certificate certificado privada clock date fecha expired safe time-zone",
    "blocked": "block* bloque* filter* filtro filtra restrict* prohibid* denied permitido unblock* category "
               "categoria access unfiltered safesearch override contenido content websense",
    "wifi": "wifi wi-fi wi wireless red inalambr* hotspot* network* vpn password-wifi router portal hotspots "
            "access-point signal senal joins join",
    "internet": "internet online connection* conexion* offline connect* conect* browse web surf dns isp linea "
                "navegar navega outage net",
    "down": "down out outage caido cayo fuera",
    "system": "system sistema server servidor ils sip polaris symphony circulation database timeout "
              "catalog-server accounts",
    "kiosk": "kiosk* kiosco* sign-up touchscreen touch tactil slip papelito entrance registration registro "
             "ticket check-in self-service checkin",
    "barcode": "barcode* barras scans",
    # how far it reaches, what was tried
    "everyone": "all every everyone everybody everywhere none nobody nobody's whole entire both todas todos "
                "toda todo ninguna ningun nadie ambos building lab branches edificio others several half staff "
                "six rows row area desks sucursal personal anybody lining",
    "again": "again times third fourth thrice keeps always every still siempre veces sigue cada daily morning "
             "since desde week yesterday repeatedly constantly over ayer manana",
    "tried": "tried already after replugg* swapped swap changed cambiamos probamos revisamos ya twice intent* "
             "reset cleaned cleared restarted unplugged replaced another different otro otra puerto switched "
             "plugged",
    "fails": "won't wont doesn't doesnt isn't isnt can't cant cannot not stopped no nothing never aren't didn't quit "
             "quits unable without",
    "question": "how where what which when who is are do does can could may como donde cual cuales cuando cuanto hay "
                "puedo puede pueden se tienen",
    "help": "help ayuda ayude ayudar need needs necesito",
    # cards and accounts
    "card": "card* tarjeta* id licencia license membership",
    "password": "pin pins password* contrasena* clave* passcode username usuario numero number account-number",
    "sign_in": "login log logged logs logging sign signed signin entrar sesion logon session invalid recognize "
               "reconoce welcome locked",
    "mail": "email* e-mail* gmail yahoo hotmail outlook mail inbox correo aol message messages address "
            "direccion folders forward",
    "code": "code* verif* codigo* authenticator text texts confirm confirmation six-digit two-step recovery",
    "account": "account* cuenta* profile facebook fb apple locked cerrada renew renovar expired vencida vencido",
    "traces": "history track* delete* erase* historial borra* private privada privado see saw ver watch "
              "remember records searches keeps clear track tracking police privacy cookies share downloads",
    "someone_else": "someone somebody else else's another another's stranger's previous otra otro alguien "
                    "persona last people's person's persons usuarios anterior senora patrons users",
    "left_open": "left forgot logout logoff open abierta abierto deje olvid* signed walked away still-open "
                 "abandoned cerrar",
    "virus": "virus* infect* hack* malware ransom popup* pop-up* alert* alerta warning* trojan encrypted "
             "threats antivirus mcafee norton popping pops hijacked sirena ads anuncios remote casino",
    "scam": "scam* fake estafa fraud gift bitcoin prize premio caller called llamo llamaron irs legit microsoft "
            "jail inheritance inherited stranger suspicious phishing verdadero gane real money-order report "
            "deposit suspended wire",
    # places, rules, time
    "place": "bathroom restroom* bano elevator exit floor room sala stairs desk upstairs parking building "
             "where's entrance park lunch stapler area quiet lobby water fountain puerta cerca near anywhere "
             "around lado queda",
    "open_hours": "hours open opens close closes closed closing abren cierran abiertos horario sunday monday "
                  "tuesday saturday friday domingo* sabado holiday feriado today tonight tomorrow early late "
                  "storm story event events notary services offer",
    "reserve": "reserv* book booked booking* apart* turno* waiting waitlist line queue fila spot free libre "
               "pick slip turn number miss cancel cancelar toca toco next",
    "time": "time minute* hour* minutos tiempo limit* limite* extend* longer mins extra ext minute's left end "
            "ends session ran expires runs kicked logged finish finished terminar almost acabo acaba queda "
            "quedan",
    "guest": "guest* visitor* visiting tourist* invitado visitante* pase pass passes passing turista members "
             "county hotel out-of-state homeless temporary day-pass socio card-less live",
    "child": "kid kids kid's child* son daughter hijo* hija* nino* nina* teen* adolescente* niece nephew parent "
             "parents mother's years year anos old young ninos chico baby edad alone solo",
    "rule": "allowed permit* rule* reglas permission permiso age edad ok okay policy can may puedo puede rules "
            "drink eat food comer comida dog phone-call drinks noise photos",
    "loud": "loud loudly noisy talking shouting yelling quiet ruido gritando porn bothering watching "
            "inappropriate fighting smelly rude feas viendo",
    # learning and finding
    "teach": "teach learn lesson* class classes aprender ensen* clase clases beginner* basics basico tutor "
             "explain understand basic new-to never show computers-class coding skills practice nunca librarian",
    "office": "word excel powerpoint spreadsheet* margin* margenes font columns column bullets template "
              "plantilla publisher docs slides essay flyer volante paragraph chart formula* document mla "
              "invoice letter labels brochure envelopes slideshow sum formulas table double spacing hanging "
              "indent landscape tabla columna",
    "pdf": "pdf pdfs sign signature merge combine convert split firmar junto",
    "form": "form forms application* apply applying register fill filled solicitud* formulario* llenar llene "
            "submit enviar required registr* claim census dmv fafsa housing field fields portal renew "
            "assistance inscribir tramite pagina",
    "upload": "upload* attach* subo subir adjunt* send sending mandar photo-id size large formato format",
    "law": "court eviction evict* landlord tenant divorce* immigration citizen* legal lawyer snap benefits "
           "medicaid passport pasaporte desalojo ciudadan* migracion inmigracion gobierno government abogado "
           "custody voter law visa residencia divorcio unemployment desempleo veterans rights deed warrant "
           "expunge daca vote will attorney power-of-attorney birth certificate acta nacimiento derechos "
           "inquilino section support police ticket food county state social security",
    "health": "doctor* health* medic* diabetes cancer disease diagnos* symptom* insurance clinic* salud "
              "enfermedad seguro medicare medicaid hospital medicine pills dentist vaccine vaccines mental "
              "therapy vitamin gluten pastilla medicina examen test",
    "tax": "tax taxes 1040 w2 refund impuesto* deduct irs income schedule earned credit reembolso w-2 renta",
    "job": "job jobs resume* resumes work employ* hiring interview* trabajo* empleo curriculum linkedin indeed "
           "career walmart cdl ged cover letter hire hires jobless apply civil exam entrevista presentacion",
    "translate": "translat* traduc* interpreter interprete translator traductor speak speaks hable hablo "
                 "interpretar",
    "tongue": "language* spanish english espanol ingles idioma chinese arabic french russian vietnamese somali "
              "mandarin ukrainian polish esl arabe tagalog portuguese korean haitian hindi",
    "book": "book books novel* author* dvd dvds movie* libro libros novela* pelicula* manga fiction textbook "
            "series read mystery cookbooks textbooks magazine recommend author's autor cocina leer",
    "catalogue": "catalog* shelf hold holds call-number title renew search available copy own due",
    "research": "article* articulos historical newspaper* sources cite obituary* genealogy ancest* census "
                "statistics historia history periodico* fuentes database* yearbooks reviews antepasados "
                "information info report paper topic tarea homework town pueblo city population poblacion old "
                "viejos house patent buy comprar worth true facts news noticia",
}
# fmt: on
