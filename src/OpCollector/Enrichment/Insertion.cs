namespace OpCollector.Enrichment;

/// <summary>A name and perhaps an e-mail that stand behind the member they explain.</summary>
/// <param name="At">Where, in the bytes of the event; 0 for nowhere.</param>
/// <param name="NameMember">The member of the name; null where the event has one already.</param>
/// <param name="EmailMember">The same for the e-mail; null too for what has none.</param>
internal readonly record struct Insertion(int At, EncodedName? Name, byte[]? NameMember, byte[]? EmailMember);
