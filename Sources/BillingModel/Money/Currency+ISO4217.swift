// From the list of current currencies that SIX publishes for ISO 4217 (list one), as of 2026-01-01. Amounts that were
// stored stay in their currency, so a code that ISO withdraws moves to `withdrawn` and is never taken out.

extension Currency {
    /// UAE Dirham, 2 decimals.
    public static let aed = Currency("AED", exponent: 2)
    /// Afghani, 2 decimals.
    public static let afn = Currency("AFN", exponent: 2)
    /// Lek, 2 decimals.
    public static let all = Currency("ALL", exponent: 2)
    /// Armenian Dram, 2 decimals.
    public static let amd = Currency("AMD", exponent: 2)
    /// Kwanza, 2 decimals.
    public static let aoa = Currency("AOA", exponent: 2)
    /// Argentine Peso, 2 decimals.
    public static let ars = Currency("ARS", exponent: 2)
    /// Australian Dollar, 2 decimals.
    public static let aud = Currency("AUD", exponent: 2)
    /// Aruban Florin, 2 decimals.
    public static let awg = Currency("AWG", exponent: 2)
    /// Azerbaijan Manat, 2 decimals.
    public static let azn = Currency("AZN", exponent: 2)
    /// Convertible Mark, 2 decimals.
    public static let bam = Currency("BAM", exponent: 2)
    /// Barbados Dollar, 2 decimals.
    public static let bbd = Currency("BBD", exponent: 2)
    /// Taka, 2 decimals.
    public static let bdt = Currency("BDT", exponent: 2)
    /// Bahraini Dinar, 3 decimals.
    public static let bhd = Currency("BHD", exponent: 3)
    /// Burundi Franc, no decimals.
    public static let bif = Currency("BIF", exponent: 0)
    /// Bermudian Dollar, 2 decimals.
    public static let bmd = Currency("BMD", exponent: 2)
    /// Brunei Dollar, 2 decimals.
    public static let bnd = Currency("BND", exponent: 2)
    /// Boliviano, 2 decimals.
    public static let bob = Currency("BOB", exponent: 2)
    /// Mvdol, 2 decimals.
    public static let bov = Currency("BOV", exponent: 2)
    /// Brazilian Real, 2 decimals.
    public static let brl = Currency("BRL", exponent: 2)
    /// Bahamian Dollar, 2 decimals.
    public static let bsd = Currency("BSD", exponent: 2)
    /// Ngultrum, 2 decimals.
    public static let btn = Currency("BTN", exponent: 2)
    /// Pula, 2 decimals.
    public static let bwp = Currency("BWP", exponent: 2)
    /// Belarusian Ruble, 2 decimals.
    public static let byn = Currency("BYN", exponent: 2)
    /// Belize Dollar, 2 decimals.
    public static let bzd = Currency("BZD", exponent: 2)
    /// Canadian Dollar, 2 decimals.
    public static let cad = Currency("CAD", exponent: 2)
    /// Congolese Franc, 2 decimals.
    public static let cdf = Currency("CDF", exponent: 2)
    /// WIR Euro, 2 decimals.
    public static let che = Currency("CHE", exponent: 2)
    /// Swiss Franc, 2 decimals.
    public static let chf = Currency("CHF", exponent: 2)
    /// WIR Franc, 2 decimals.
    public static let chw = Currency("CHW", exponent: 2)
    /// Unidad de Fomento, 4 decimals.
    public static let clf = Currency("CLF", exponent: 4)
    /// Chilean Peso, no decimals.
    public static let clp = Currency("CLP", exponent: 0)
    /// Yuan Renminbi, 2 decimals.
    public static let cny = Currency("CNY", exponent: 2)
    /// Colombian Peso, 2 decimals.
    public static let cop = Currency("COP", exponent: 2)
    /// Unidad de Valor Real, 2 decimals.
    public static let cou = Currency("COU", exponent: 2)
    /// Costa Rican Colon, 2 decimals.
    public static let crc = Currency("CRC", exponent: 2)
    /// Cuban Peso, 2 decimals.
    public static let cup = Currency("CUP", exponent: 2)
    /// Cabo Verde Escudo, 2 decimals.
    public static let cve = Currency("CVE", exponent: 2)
    /// Czech Koruna, 2 decimals.
    public static let czk = Currency("CZK", exponent: 2)
    /// Djibouti Franc, no decimals.
    public static let djf = Currency("DJF", exponent: 0)
    /// Danish Krone, 2 decimals.
    public static let dkk = Currency("DKK", exponent: 2)
    /// Dominican Peso, 2 decimals.
    public static let dop = Currency("DOP", exponent: 2)
    /// Algerian Dinar, 2 decimals.
    public static let dzd = Currency("DZD", exponent: 2)
    /// Egyptian Pound, 2 decimals.
    public static let egp = Currency("EGP", exponent: 2)
    /// Nakfa, 2 decimals.
    public static let ern = Currency("ERN", exponent: 2)
    /// Ethiopian Birr, 2 decimals.
    public static let etb = Currency("ETB", exponent: 2)
    /// Euro, 2 decimals.
    public static let eur = Currency("EUR", exponent: 2)
    /// Fiji Dollar, 2 decimals.
    public static let fjd = Currency("FJD", exponent: 2)
    /// Falkland Islands Pound, 2 decimals.
    public static let fkp = Currency("FKP", exponent: 2)
    /// Pound Sterling, 2 decimals.
    public static let gbp = Currency("GBP", exponent: 2)
    /// Lari, 2 decimals.
    public static let gel = Currency("GEL", exponent: 2)
    /// Ghana Cedi, 2 decimals.
    public static let ghs = Currency("GHS", exponent: 2)
    /// Gibraltar Pound, 2 decimals.
    public static let gip = Currency("GIP", exponent: 2)
    /// Dalasi, 2 decimals.
    public static let gmd = Currency("GMD", exponent: 2)
    /// Guinean Franc, no decimals.
    public static let gnf = Currency("GNF", exponent: 0)
    /// Quetzal, 2 decimals.
    public static let gtq = Currency("GTQ", exponent: 2)
    /// Guyana Dollar, 2 decimals.
    public static let gyd = Currency("GYD", exponent: 2)
    /// Hong Kong Dollar, 2 decimals.
    public static let hkd = Currency("HKD", exponent: 2)
    /// Lempira, 2 decimals.
    public static let hnl = Currency("HNL", exponent: 2)
    /// Gourde, 2 decimals.
    public static let htg = Currency("HTG", exponent: 2)
    /// Forint, 2 decimals.
    public static let huf = Currency("HUF", exponent: 2)
    /// Rupiah, 2 decimals.
    public static let idr = Currency("IDR", exponent: 2)
    /// New Israeli Sheqel, 2 decimals.
    public static let ils = Currency("ILS", exponent: 2)
    /// Indian Rupee, 2 decimals.
    public static let inr = Currency("INR", exponent: 2)
    /// Iraqi Dinar, 3 decimals.
    public static let iqd = Currency("IQD", exponent: 3)
    /// Iranian Rial, 2 decimals.
    public static let irr = Currency("IRR", exponent: 2)
    /// Iceland Krona, no decimals.
    public static let isk = Currency("ISK", exponent: 0)
    /// Jamaican Dollar, 2 decimals.
    public static let jmd = Currency("JMD", exponent: 2)
    /// Jordanian Dinar, 3 decimals.
    public static let jod = Currency("JOD", exponent: 3)
    /// Yen, no decimals.
    public static let jpy = Currency("JPY", exponent: 0)
    /// Kenyan Shilling, 2 decimals.
    public static let kes = Currency("KES", exponent: 2)
    /// Som, 2 decimals.
    public static let kgs = Currency("KGS", exponent: 2)
    /// Riel, 2 decimals.
    public static let khr = Currency("KHR", exponent: 2)
    /// Comorian Franc, no decimals.
    public static let kmf = Currency("KMF", exponent: 0)
    /// North Korean Won, 2 decimals.
    public static let kpw = Currency("KPW", exponent: 2)
    /// Won, no decimals.
    public static let krw = Currency("KRW", exponent: 0)
    /// Kuwaiti Dinar, 3 decimals.
    public static let kwd = Currency("KWD", exponent: 3)
    /// Cayman Islands Dollar, 2 decimals.
    public static let kyd = Currency("KYD", exponent: 2)
    /// Tenge, 2 decimals.
    public static let kzt = Currency("KZT", exponent: 2)
    /// Lao Kip, 2 decimals.
    public static let lak = Currency("LAK", exponent: 2)
    /// Lebanese Pound, 2 decimals.
    public static let lbp = Currency("LBP", exponent: 2)
    /// Sri Lanka Rupee, 2 decimals.
    public static let lkr = Currency("LKR", exponent: 2)
    /// Liberian Dollar, 2 decimals.
    public static let lrd = Currency("LRD", exponent: 2)
    /// Loti, 2 decimals.
    public static let lsl = Currency("LSL", exponent: 2)
    /// Libyan Dinar, 3 decimals.
    public static let lyd = Currency("LYD", exponent: 3)
    /// Moroccan Dirham, 2 decimals.
    public static let mad = Currency("MAD", exponent: 2)
    /// Moldovan Leu, 2 decimals.
    public static let mdl = Currency("MDL", exponent: 2)
    /// Malagasy Ariary, 2 decimals.
    public static let mga = Currency("MGA", exponent: 2)
    /// Denar, 2 decimals.
    public static let mkd = Currency("MKD", exponent: 2)
    /// Kyat, 2 decimals.
    public static let mmk = Currency("MMK", exponent: 2)
    /// Tugrik, 2 decimals.
    public static let mnt = Currency("MNT", exponent: 2)
    /// Pataca, 2 decimals.
    public static let mop = Currency("MOP", exponent: 2)
    /// Ouguiya, 2 decimals.
    public static let mru = Currency("MRU", exponent: 2)
    /// Mauritius Rupee, 2 decimals.
    public static let mur = Currency("MUR", exponent: 2)
    /// Rufiyaa, 2 decimals.
    public static let mvr = Currency("MVR", exponent: 2)
    /// Malawi Kwacha, 2 decimals.
    public static let mwk = Currency("MWK", exponent: 2)
    /// Mexican Peso, 2 decimals.
    public static let mxn = Currency("MXN", exponent: 2)
    /// Mexican Unidad de Inversion (UDI), 2 decimals.
    public static let mxv = Currency("MXV", exponent: 2)
    /// Malaysian Ringgit, 2 decimals.
    public static let myr = Currency("MYR", exponent: 2)
    /// Mozambique Metical, 2 decimals.
    public static let mzn = Currency("MZN", exponent: 2)
    /// Namibia Dollar, 2 decimals.
    public static let nad = Currency("NAD", exponent: 2)
    /// Naira, 2 decimals.
    public static let ngn = Currency("NGN", exponent: 2)
    /// Cordoba Oro, 2 decimals.
    public static let nio = Currency("NIO", exponent: 2)
    /// Norwegian Krone, 2 decimals.
    public static let nok = Currency("NOK", exponent: 2)
    /// Nepalese Rupee, 2 decimals.
    public static let npr = Currency("NPR", exponent: 2)
    /// New Zealand Dollar, 2 decimals.
    public static let nzd = Currency("NZD", exponent: 2)
    /// Rial Omani, 3 decimals.
    public static let omr = Currency("OMR", exponent: 3)
    /// Balboa, 2 decimals.
    public static let pab = Currency("PAB", exponent: 2)
    /// Sol, 2 decimals.
    public static let pen = Currency("PEN", exponent: 2)
    /// Kina, 2 decimals.
    public static let pgk = Currency("PGK", exponent: 2)
    /// Philippine Peso, 2 decimals.
    public static let php = Currency("PHP", exponent: 2)
    /// Pakistan Rupee, 2 decimals.
    public static let pkr = Currency("PKR", exponent: 2)
    /// Zloty, 2 decimals.
    public static let pln = Currency("PLN", exponent: 2)
    /// Guarani, no decimals.
    public static let pyg = Currency("PYG", exponent: 0)
    /// Qatari Rial, 2 decimals.
    public static let qar = Currency("QAR", exponent: 2)
    /// Romanian Leu, 2 decimals.
    public static let ron = Currency("RON", exponent: 2)
    /// Serbian Dinar, 2 decimals.
    public static let rsd = Currency("RSD", exponent: 2)
    /// Russian Ruble, 2 decimals.
    public static let rub = Currency("RUB", exponent: 2)
    /// Rwanda Franc, no decimals.
    public static let rwf = Currency("RWF", exponent: 0)
    /// Saudi Riyal, 2 decimals.
    public static let sar = Currency("SAR", exponent: 2)
    /// Solomon Islands Dollar, 2 decimals.
    public static let sbd = Currency("SBD", exponent: 2)
    /// Seychelles Rupee, 2 decimals.
    public static let scr = Currency("SCR", exponent: 2)
    /// Sudanese Pound, 2 decimals.
    public static let sdg = Currency("SDG", exponent: 2)
    /// Swedish Krona, 2 decimals.
    public static let sek = Currency("SEK", exponent: 2)
    /// Singapore Dollar, 2 decimals.
    public static let sgd = Currency("SGD", exponent: 2)
    /// Saint Helena Pound, 2 decimals.
    public static let shp = Currency("SHP", exponent: 2)
    /// Leone, 2 decimals.
    public static let sle = Currency("SLE", exponent: 2)
    /// Somali Shilling, 2 decimals.
    public static let sos = Currency("SOS", exponent: 2)
    /// Surinam Dollar, 2 decimals.
    public static let srd = Currency("SRD", exponent: 2)
    /// South Sudanese Pound, 2 decimals.
    public static let ssp = Currency("SSP", exponent: 2)
    /// Dobra, 2 decimals.
    public static let stn = Currency("STN", exponent: 2)
    /// El Salvador Colon, 2 decimals.
    public static let svc = Currency("SVC", exponent: 2)
    /// Syrian Pound, 2 decimals.
    public static let syp = Currency("SYP", exponent: 2)
    /// Lilangeni, 2 decimals.
    public static let szl = Currency("SZL", exponent: 2)
    /// Baht, 2 decimals.
    public static let thb = Currency("THB", exponent: 2)
    /// Somoni, 2 decimals.
    public static let tjs = Currency("TJS", exponent: 2)
    /// Turkmenistan New Manat, 2 decimals.
    public static let tmt = Currency("TMT", exponent: 2)
    /// Tunisian Dinar, 3 decimals.
    public static let tnd = Currency("TND", exponent: 3)
    /// Pa’anga, 2 decimals.
    public static let top = Currency("TOP", exponent: 2)
    /// Turkish Lira, 2 decimals.
    public static let `try` = Currency("TRY", exponent: 2)
    /// Trinidad and Tobago Dollar, 2 decimals.
    public static let ttd = Currency("TTD", exponent: 2)
    /// New Taiwan Dollar, 2 decimals.
    public static let twd = Currency("TWD", exponent: 2)
    /// Tanzanian Shilling, 2 decimals.
    public static let tzs = Currency("TZS", exponent: 2)
    /// Hryvnia, 2 decimals.
    public static let uah = Currency("UAH", exponent: 2)
    /// Uganda Shilling, no decimals.
    public static let ugx = Currency("UGX", exponent: 0)
    /// US Dollar, 2 decimals.
    public static let usd = Currency("USD", exponent: 2)
    /// US Dollar (Next day), 2 decimals.
    public static let usn = Currency("USN", exponent: 2)
    /// Uruguay Peso en Unidades Indexadas (UI), no decimals.
    public static let uyi = Currency("UYI", exponent: 0)
    /// Peso Uruguayo, 2 decimals.
    public static let uyu = Currency("UYU", exponent: 2)
    /// Unidad Previsional, 4 decimals.
    public static let uyw = Currency("UYW", exponent: 4)
    /// Uzbekistan Sum, 2 decimals.
    public static let uzs = Currency("UZS", exponent: 2)
    /// Bolívar Soberano, 2 decimals.
    public static let ved = Currency("VED", exponent: 2)
    /// Bolívar Soberano, 2 decimals.
    public static let ves = Currency("VES", exponent: 2)
    /// Dong, no decimals.
    public static let vnd = Currency("VND", exponent: 0)
    /// Vatu, no decimals.
    public static let vuv = Currency("VUV", exponent: 0)
    /// Tala, 2 decimals.
    public static let wst = Currency("WST", exponent: 2)
    /// Arab Accounting Dinar, 2 decimals.
    public static let xad = Currency("XAD", exponent: 2)
    /// CFA Franc BEAC, no decimals.
    public static let xaf = Currency("XAF", exponent: 0)
    /// East Caribbean Dollar, 2 decimals.
    public static let xcd = Currency("XCD", exponent: 2)
    /// Caribbean Guilder, 2 decimals.
    public static let xcg = Currency("XCG", exponent: 2)
    /// CFA Franc BCEAO, no decimals.
    public static let xof = Currency("XOF", exponent: 0)
    /// CFP Franc, no decimals.
    public static let xpf = Currency("XPF", exponent: 0)
    /// Yemeni Rial, 2 decimals.
    public static let yer = Currency("YER", exponent: 2)
    /// Rand, 2 decimals.
    public static let zar = Currency("ZAR", exponent: 2)
    /// Zambian Kwacha, 2 decimals.
    public static let zmw = Currency("ZMW", exponent: 2)
    /// Zimbabwe Gold, 2 decimals.
    public static let zwg = Currency("ZWG", exponent: 2)

    /// Every currency that ISO 4217 has in use and gives a number of decimals, by its code.
    public static let current: [Currency] = [
        .aed, .afn, .all, .amd, .aoa, .ars, .aud, .awg, .azn, .bam, .bbd, .bdt, .bhd, .bif, .bmd, .bnd, .bob, .bov,
        .brl, .bsd, .btn, .bwp, .byn, .bzd, .cad, .cdf, .che, .chf, .chw, .clf, .clp, .cny, .cop, .cou, .crc, .cup,
        .cve, .czk, .djf, .dkk, .dop, .dzd, .egp, .ern, .etb, .eur, .fjd, .fkp, .gbp, .gel, .ghs, .gip, .gmd, .gnf,
        .gtq, .gyd, .hkd, .hnl, .htg, .huf, .idr, .ils, .inr, .iqd, .irr, .isk, .jmd, .jod, .jpy, .kes, .kgs, .khr,
        .kmf, .kpw, .krw, .kwd, .kyd, .kzt, .lak, .lbp, .lkr, .lrd, .lsl, .lyd, .mad, .mdl, .mga, .mkd, .mmk, .mnt,
        .mop, .mru, .mur, .mvr, .mwk, .mxn, .mxv, .myr, .mzn, .nad, .ngn, .nio, .nok, .npr, .nzd, .omr, .pab, .pen,
        .pgk, .php, .pkr, .pln, .pyg, .qar, .ron, .rsd, .rub, .rwf, .sar, .sbd, .scr, .sdg, .sek, .sgd, .shp, .sle,
        .sos, .srd, .ssp, .stn, .svc, .syp, .szl, .thb, .tjs, .tmt, .tnd, .top, .try, .ttd, .twd, .tzs, .uah, .ugx,
        .usd, .usn, .uyi, .uyu, .uyw, .uzs, .ved, .ves, .vnd, .vuv, .wst, .xad, .xaf, .xcd, .xcg, .xof, .xpf, .yer,
        .zar, .zmw, .zwg,
    ]

    /// Currencies that ISO 4217 has withdrawn lately: what was paid in them can still be read.
    static let withdrawn: [Currency] = [
        Currency("ANG", exponent: 2), Currency("BGN", exponent: 2), Currency("CUC", exponent: 2),
        Currency("HRK", exponent: 2), Currency("SLL", exponent: 2), Currency("ZWL", exponent: 2),
    ]
}
