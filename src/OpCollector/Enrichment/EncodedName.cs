namespace OpCollector.Enrichment;

/// <summary>A name and an e-mail as they stand in JSON between quotes; empty where there is none.</summary>
internal sealed record EncodedName(byte[] Name, byte[] Email)
{
    /// <summary>What to call it by in a sentence.</summary>
    public byte[] Best => Name.Length > 0 ? Name : Email;
}
