"""The services of the demo world, by the names of Inera's real catalogue, and who may be agent."""

from dataclasses import dataclass

REGION, MUNICIPALITY, PRIVATE = "region", "municipality", "private"
ALL = ()


@dataclass(frozen=True)
class Service:
    key: str
    name: dict[str, str]
    about: dict[str, str]
    special: dict[str, str]
    """What its terms say of this service alone."""
    categories: tuple[str, ...] = ALL
    units: bool = True
    personal_data: bool = True


def said(sv: str, nb: str, en: str) -> dict[str, str]:
    return {"sv": sv, "nb": nb, "en": en}


def same(name: str) -> dict[str, str]:
    return said(name, name, name)


SERVICES = (
    Service(
        "journalen",
        same("Journalen"),
        said(
            "Invånaren läser sin journal på 1177. Vårdgivaren väljer vilken information som visas.",
            "Innbyggeren leser sin egen journal på 1177. Virksomheten velger hva som vises.",
            "Citizens read their own records on 1177. The care provider chooses what is shown.",
        ),
        said(
            "Kunden beslutar vilka informationsmängder som visas för invånaren, och när.",
            "Kunden bestemmer hvilke opplysninger som vises for innbyggeren, og når.",
            "The customer decides which information is shown to the citizen, and when.",
        ),
    ),
    Service(
        "npo",
        said(
            "NPÖ – Nationell patientöversikt",
            "NPÖ – nasjonal pasientoversikt",
            "NPÖ – National Patient Overview",
        ),
        said(
            "Behörig personal läser uppgifter från andra vårdgivare, med patientens samtycke.",
            "Autorisert personell leser journalopplysninger fra andre, med pasientens samtykke.",
            "Authorised staff read records of other care providers, with the patient's consent.",
        ),
        said(
            "Kunden följer upp åtkomsten till uppgifter genom regelbundna kontroller av loggar.",
            "Kunden følger opp tilgangen til opplysninger med jevnlige kontroller av logger.",
            "The customer follows up access to information by regular checks of the logs.",
        ),
    ),
    Service(
        "pascal",
        same("Pascal"),
        said(
            "Ordination av dosdispenserade läkemedel och hjälpmedel, för öppen vård.",
            "Forskrivning av dosepakkede legemidler og hjelpemidler i åpen omsorg.",
            "Prescribing of dose-dispensed medicines and aids in outpatient care.",
        ),
        said(
            "Förskrivare ska ha giltig förskrivarkod i kundens katalog.",
            "Forskrivere skal ha gyldig forskriverkode i kundens katalog.",
            "Prescribers must have a valid prescriber code in the customer's directory.",
        ),
    ),
    Service(
        "webcert",
        same("Webcert"),
        said(
            "Läkarintyg och andra intyg skrivs, signeras och skickas elektroniskt.",
            "Legeerklæringer og andre attester skrives, signeres og sendes elektronisk.",
            "Medical certificates are written, signed and sent electronically.",
        ),
        said(
            "Intyg signeras av den som har rätt att utfärda dem; kunden sköter behörigheterna.",
            "Attester signeres av den som har rett til det; kunden holder rettighetene oppdatert.",
            "Certificates are signed by those entitled to it; the customer keeps rights current.",
        ),
    ),
    Service(
        "sakerhetstjanster",
        said("Säkerhetstjänster", "Sikkerhetstjenester", "Security services"),
        said(
            "Inloggning, samtycke, spärr och logg för vårdens system.",
            "Innlogging, samtykke, sperring og logg for helsetjenestens systemer.",
            "Login, consent, blocking and logs for the systems of health care.",
        ),
        said(
            "Kunden anmäler utan dröjsmål varje händelse som kan påverka säkerheten i tjänsten.",
            "Kunden melder uten opphold enhver hendelse som kan påvirke sikkerheten i tjenesten.",
            "The customer reports without delay any event that may affect security.",
        ),
    ),
    Service(
        "eira",
        said("Eira", "Eira", "Eira"),
        said(
            "Vetenskapliga tidskrifter, databaser och kliniska uppslagsverk för vårdens personal.",
            "Vitenskapelige tidsskrifter, databaser og kliniske oppslagsverk for helsepersonell.",
            "Scientific journals, databases and clinical reference works for health care staff.",
        ),
        said(
            "Licenserna gäller kundens anställda och uppdragstagare, och får inte spridas vidare.",
            "Lisensene gjelder kundens ansatte og oppdragstakere; innholdet kan ikke spres videre.",
            "The licences cover the customer's staff and contractors, and nobody else.",
        ),
        categories=(REGION, MUNICIPALITY),
        units=False,
        personal_data=False,
    ),
    Service(
        "tidbokning",
        said("1177 tidbokning", "1177 timebestilling", "1177 appointments"),
        said(
            "Invånaren bokar, ombokar och avbokar tider på 1177.",
            "Innbyggeren bestiller, flytter og avbestiller timer på 1177.",
            "Citizens book, move and cancel appointments on 1177.",
        ),
        said(
            "Kunden svarar för att lediga tider som visas verkligen kan bokas.",
            "Kunden sørger for at ledige timer som vises, faktisk kan bestilles.",
            "The customer sees to it that the appointments shown can really be booked.",
        ),
        categories=(REGION, PRIVATE),
    ),
    Service(
        "eremiss",
        said("Elektronisk remiss", "Elektronisk henvisning", "Electronic referrals"),
        said(
            "Remisser och remissvar skickas mellan vårdgivare, oberoende av journalsystem.",
            "Henvisninger og svar sendes mellom virksomheter, uavhengig av journalsystem.",
            "Referrals and answers are sent between care providers, whatever the record system.",
        ),
        said(
            "Kunden bevakar inkomna remisser varje vardag.",
            "Kunden følger med på mottatte henvisninger hver hverdag.",
            "The customer watches incoming referrals every working day.",
        ),
    ),
    Service(
        "sdk",
        said(
            "Säker digital kommunikation (SDK)",
            "Sikker digital kommunikasjon (SDK)",
            "Secure digital communication (SDK)",
        ),
        said(
            "Känsliga meddelanden skickas säkert mellan kommuner, regioner och myndigheter.",
            "Sensitive meldinger sendes sikkert mellom kommuner, regioner og myndigheter.",
            "Sensitive messages are sent safely between municipalities, regions and authorities.",
        ),
        said(
            "Vid uppsägning övergår adresser och pågående ärenden enligt särskilda regler.",
            "Ved oppsigelse overføres adresser og pågående saker etter egne regler.",
            "At termination addresses and ongoing matters are taken over by rules of their own.",
        ),
    ),
    Service(
        "hsa",
        said("Katalogtjänst HSA", "Katalogtjenesten HSA", "The HSA directory"),
        said(
            "Uppgifter om vårdens personer, enheter och roller, som andra tjänster bygger på.",
            "Opplysninger om personer, enheter og roller, som andre tjenester bygger på.",
            "People, units and roles of health care, on which other services build.",
        ),
        said(
            "Kunden har en HSA-ansvarig och ser över uppgifterna minst två gånger om året.",
            "Kunden har en HSA-ansvarlig og går gjennom opplysningene minst to ganger i året.",
            "The customer names somebody responsible and reviews the data at least twice a year.",
        ),
        units=False,
    ),
    Service(
        "sob",
        said("Stöd och behandling", "Støtte og behandling", "Support and treatment"),
        said(
            "Stödprogram och behandling på nätet, med behandlare i kontakt med invånaren.",
            "Støtteprogrammer og behandling på nett, med behandler i kontakt med innbyggeren.",
            "Support programmes and treatment online, with therapists in touch with the citizen.",
        ),
        said(
            "Program får användas av behandlare som har gått utbildningen för programmet.",
            "Programmer kan brukes av behandlere som har gjennomført opplæringen.",
            "Programmes are used by therapists who have taken the training for them.",
        ),
    ),
    Service(
        "utbud",
        said("Utbudstjänsten", "Tilbudstjenesten", "The offering service"),
        said(
            "Visar vilken vård en mottagning erbjuder, och väntetider, i 1177 och vårdens system.",
            "Viser hvilken behandling et sted tilbyr, og ventetider, i 1177 og andre systemer.",
            "Shows what care a clinic offers, and waiting times, on 1177 and in care systems.",
        ),
        said(
            "Kunden håller uppgifter om utbud och väntetider aktuella.",
            "Kunden holder opplysninger om tilbud og ventetider oppdatert.",
            "The customer keeps the data on offerings and waiting times current.",
        ),
        categories=(REGION, PRIVATE),
        personal_data=False,
    ),
)
BY_KEY = {service.key: service for service in SERVICES}

# Services for which each agent has an engagement
ENGAGED = {
    "systempartner": (
        "journalen",
        "npo",
        "pascal",
        "webcert",
        "sakerhetstjanster",
        "tidbokning",
        "eremiss",
    ),
    "vardlanken": ("webcert", "journalen", "sdk", "eremiss", "pascal"),
    "kurvan": ("journalen", "npo", "webcert"),
}
