namespace OpEmulator;

/// <summary>The files in $HOME through which a test directs the emulator and the emulator reports back.</summary>
internal sealed class Home(string directory)
{
    public string Directory { get; } = directory;

    public string Scenario => In("op-emulator.json");

    public string Events => In("op-events.ndjson");

    public string Journal => In("op-journal.ndjson");

    public string Ledger => In("op-ledger.tsv");

    public string LastPage => In("op-last-page");

    public string ChildPid => In("op-child.pid");

    public string Waiting => In("op-waiting");

    public string Go => In("op-go");

    public static Home FromEnvironment() =>
        Environment.GetEnvironmentVariable("HOME") is { Length: > 0 } directory
            ? new Home(directory)
            : throw new InvalidOperationException("HOME is not set, so there is no scenario to play.");

    string In(string name) => Path.Combine(Directory, name);
}
