namespace OpCollector.Detection.Findings;

/// <summary>Who and what is in an event: what an analyst looks for first.</summary>
internal sealed record Entities(
    IReadOnlyList<UserEntity> Users,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Vaults,
    IReadOnlyList<string> Groups,
    IReadOnlyList<string> Items,
    IReadOnlyList<string> Devices)
{
    public static readonly Entities None = new([], [], [], [], [], []);

    /// <summary>What findings that belong together share.</summary>
    public string? First => Users is [var user, ..]
        ? user.Uuid
        : Addresses.Concat(Vaults).Concat(Groups).Concat(Items).Concat(Devices).FirstOrDefault();

    /// <summary>The lists of uuids and addresses, as a finding names them.</summary>
    public IEnumerable<(string Name, IReadOnlyList<string> Values)> Others =>
        [("addresses", Addresses), ("vaults", Vaults), ("groups", Groups), ("items", Items), ("devices", Devices)];
}

/// <summary>A person in an event.</summary>
internal sealed record UserEntity(string Uuid, string? Email, string? Name);
