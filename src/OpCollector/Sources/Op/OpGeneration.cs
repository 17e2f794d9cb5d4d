using System.Globalization;
using System.Text.RegularExpressions;
using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>The grammar of the op at hand: 0.x takes positions, 1.x flags, and 2.x lists no events at all.</summary>
internal sealed partial record OpGeneration(int Major, string Version, string Account)
{
    // 0.x cuts a larger id to 32 bits without a word, and would answer another question.
    const long LargestOf0 = uint.MaxValue;

    /// <summary>From what <c>op --version</c> prints; 0.x prints it and exits 1.</summary>
    public static OpGeneration Parse(string output, string account)
    {
        var version = Number().Match(output);
        return !version.Success
            ? throw new Failure(ExitCode.Configuration, "op --version printed no version; is source.op.path the 1Password CLI?")
            : int.Parse(version.Groups[1].ValueSpan, CultureInfo.InvariantCulture) is var major and < 2
                ? new OpGeneration(major, version.Value, account)
                : throw new Failure(
                    ExitCode.Configuration,
                    $"op {version.Value} lists no events: the Activity Log left the CLI with 2.0; point source.op.path to op 1.12, or "
                        + "collect from the 1Password Events API");
    }

    public string[] SignIn => ["signin", Account, Major == 0 ? "--output=raw" : "--raw", For];

    public string[] SignOut => ["signout", For];

    /// <summary>
    /// The arguments that ask for a page. On 0.x the id 0 is documented to mean the newest 100; as a position it is never sent.
    /// </summary>
    public string[] List(OpQuery query) => (Major, query.Side) switch
    {
        (0, LogSide.Newest) => ["list", "events", "0", "newer", For],
        (0, LogSide.Newer) => ["list", "events", Checked(query.Eid), "newer", For],
        (0, LogSide.Older) => ["list", "events", Checked(query.Eid), "older", For],
        (_, LogSide.Newer) => ["list", "events", $"--eventid={Text(query.Eid)}", For],
        (_, LogSide.Older) => ["list", "events", $"--eventid={Text(query.Eid)}", "--older", For],
        _ => ["list", "events", For],
    };

    /// <summary>How op calls one of a kind.</summary>
    public static string WordOf(NameKind kind) => kind switch { NameKind.User => "user", NameKind.Group => "group", _ => "vault" };

    /// <summary>How op calls all of a kind.</summary>
    public static string PluralOf(NameKind kind) => $"{WordOf(kind)}s";

    /// <summary>The arguments that ask for names.</summary>
    /// <exception cref="Failure">This op cannot tell (78).</exception>
    public string[] List(NameQuery query) => query switch
    {
        // 0.x ignores an option that it does not know; here the answer shows whether it did.
        NamesInGroup { Group: var group } => ["list", PluralOf(query.Shows), $"--group={group}", For],
        NamesByAccess { Of: var of } when Major == 0 => throw new Failure(
            ExitCode.Configuration,
            $"op {Version} does not list {(of == NameKind.Vault ? "who can use a vault" : $"what a {WordOf(of)} can use")}: " +
                "it passes over the option and prints everything"),
        NamesByAccess { Of: var of, Uuid: var uuid } => ["list", PluralOf(query.Shows), $"--{WordOf(of)}={uuid}", For],
        _ => ["list", PluralOf(query.Shows), For],
    };

    // Always said: another sign-in in the same HOME changes which account op takes for granted.
    string For => $"--account={Account}";

    string Checked(long eid) => eid <= LargestOf0
        ? Text(eid)
        : throw new Failure(
            ExitCode.Configuration,
            $"op {Version} cuts event ids to 32 bits and cannot ask for {eid}; use op 1.12 or the 1Password Events API");

    static string Text(long eid) => eid.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("([0-9]{1,4})(?:[.][0-9]{1,9}){0,9}", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
