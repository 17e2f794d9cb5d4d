namespace OpCollector.Report;

/// <summary>The sign-ins that failed: why, whose, and from where.</summary>
internal sealed class FailedSignIns
{
    public Ranking Reasons { get; } = new();

    public Ranking People { get; } = new();

    public Ranking Addresses { get; } = new();

    public void Add(EventReader reader, string reason, ShownEvent each)
    {
        Reasons.Count(reason, each);
        if (reader.Person is { } person)
        {
            People.Count(person, each).Name ??= reader.PersonName ?? reader.PersonAddress;
        }

        if (reader.NetworkAddress is { } address)
        {
            Addresses.Count(address, each);
        }
    }
}
