"""The terms of the agreements in the demo world, in three languages."""

from demo.services import said

CUSTOMER = said(
    "1. Avtalet\nNordvård Tjänster (demo) tillhandahåller tjänster åt kunden. Varje tjänst beställs"
    " för sig under det här avtalet, och dess egna villkor gäller därtill.\n\n"
    "2. Personuppgifter\nKunden är personuppgiftsansvarig. Nordvård Tjänster är"
    " personuppgiftsbiträde, och biträdesavtalet ingår i det här avtalet.\n\n"
    "3. Roller och underskrifter\nKundens administratör ger roller. En beställning binder kunden"
    " när den är attesterad.\n\n"
    "4. Avgifter\nAvgifterna står i varje beställning, exkl. moms, och betalas inom 30 dagar.\n\n"
    "5. Ändringar\nÄndringar som är till nackdel för kunden meddelas kontaktpersonerna minst tre"
    " månader innan de gäller.\n\n"
    "6. Uppsägning\nAvtalet sägs upp skriftligen med tre månaders uppsägningstid.",
    "1. Avtalen\nNordvård Tjänster (demo) leverer tjenester til kunden. Hver tjeneste bestilles"
    " for seg under denne avtalen, og tjenestens egne vilkår gjelder i tillegg.\n\n"
    "2. Personopplysninger\nKunden er behandlingsansvarlig. Nordvård Tjänster er databehandler, og"
    " databehandleravtalen inngår i denne avtalen.\n\n"
    "3. Roller og underskrifter\nKundens administrator gir roller. En bestilling binder kunden når"
    " den er attestert.\n\n"
    "4. Priser\nPrisene står i hver bestilling, uten merverdiavgift, og betales innen 30 dager.\n\n"
    "5. Endringer\nEndringer til ulempe for kunden meldes til kontaktpersonene minst tre måneder"
    " før de gjelder.\n\n"
    "6. Oppsigelse\nAvtalen sies opp skriftlig med tre måneders oppsigelsestid.",
    "1. The agreement\nNordvård Tjänster (demo) provides services to the customer. Each service is"
    " ordered by itself under this agreement, and its own terms hold besides.\n\n"
    "2. Personal data\nThe customer is controller. Nordvård Tjänster is processor, and the"
    " processing agreement is part of this agreement.\n\n"
    "3. Roles and signatures\nThe customer's administrator gives roles. An order binds the customer"
    " once it has been attested.\n\n"
    "4. Fees\nThe fees stand in each order, ex VAT, and are paid within 30 days.\n\n"
    "5. Changes\nChanges that burden the customer are told to the contact persons at least three"
    " months before they hold.\n\n"
    "6. Termination\nThe agreement is ended in writing at three months' notice.",
)
AGENT = said(
    "1. Avtalet\nAgenten får ansluta kunder till tjänster hos Nordvård Tjänster (demo) genom sitt"
    " eget system. Varje tjänst kräver ett eget agentuppdrag.\n\n"
    "2. Krav på agenten\nAgenten betalar skatter och avgifter, har dataskyddsombud och ett"
    " ledningssystem för informationssäkerhet, och visar det när Nordvård Tjänster ber om det.\n\n"
    "3. Egen användning\nAgenten använder inte tjänsterna för egen räkning.\n\n"
    "4. Ändringar\nÄndringar som är till nackdel för agenten meddelas kontaktpersonerna minst tre"
    " månader innan de gäller.\n\n"
    "5. Uppsägning\nAvtalet sägs upp skriftligen med sex månaders uppsägningstid.",
    "1. Avtalen\nAgenten kan koble kunder til tjenester hos Nordvård Tjänster (demo) gjennom sitt"
    " eget system. Hver tjeneste krever et eget agentoppdrag.\n\n"
    "2. Krav til agenten\nAgenten betaler skatter og avgifter, har personvernombud og et"
    " styringssystem for informasjonssikkerhet, og viser det når Nordvård Tjänster ber om det.\n\n"
    "3. Egen bruk\nAgenten bruker ikke tjenestene for egen regning.\n\n"
    "4. Endringer\nEndringer til ulempe for agenten meldes til kontaktpersonene minst tre måneder"
    " før de gjelder.\n\n"
    "5. Oppsigelse\nAvtalen sies opp skriftlig med seks måneders oppsigelsestid.",
    "1. The agreement\nThe agent may connect customers to services of Nordvård Tjänster (demo)"
    " through its own system. Each service takes an engagement of its own.\n\n"
    "2. What the agent must have\nThe agent pays taxes and fees, has a data protection officer and"
    " an information security management system, and shows so when Nordvård Tjänster asks.\n\n"
    "3. Own use\nThe agent does not use the services for its own account.\n\n"
    "4. Changes\nChanges that burden the agent are told to the contact persons at least three"
    " months before they hold.\n\n"
    "5. Termination\nThe agreement is ended in writing at six months' notice.",
)
TITLES = {
    "customer": said("Kundavtal 2", "Kundeavtale 2", "Customer agreement 2"),
    "agent": said("Agentavtal", "Agentavtale", "Agent agreement"),
}
TEXTS = {"customer": CUSTOMER, "agent": AGENT}
