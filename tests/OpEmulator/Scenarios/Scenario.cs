namespace OpEmulator.Scenarios;

/// <summary>What op is to play: the content of <c>$HOME/op-emulator.json</c>, read again by every call.</summary>
/// <remarks>
/// <para>
/// Every member is optional; comments and trailing commas are allowed; an unknown member, a value of the wrong kind or an item
/// without a position ends the call with exit code 99 and a line <c>op-emulator: …</c> on stderr.
/// </para>
/// <list type="table">
/// <item><term><c>"version": "1.12.9"</c></term><description>What <c>--version</c> prints. The first number chooses the
/// generation: 0 (operands, exit code = HTTP status mod 256, <c>--version</c> exits 1), 1 (flags, exit code 1) or 2 (only
/// <c>--version</c>).</description></item>
/// <item><term><c>"account": "acme"</c></term><description>The shorthand of the account; its host is
/// <c>acme.1password.com</c>.</description></item>
/// <item><term><c>"email": "user@example.com"</c></term><description>The user, as prompts and network errors name
/// it.</description></item>
/// <item><term><c>"latestSignin": "acme"</c></term><description>The account op takes when <c>--account</c> is absent (default:
/// <c>account</c>). Another name here catches a caller that forgets <c>--account</c>.</description></item>
/// <item><term><c>"known": true</c></term><description>The account was signed into once by hand. With false a sign-in by
/// shorthand fails until one with address, e-mail and Secret Key was made in this HOME.</description></item>
/// <item><term><c>"notKnown": "account"</c></term><description>The words of 1.x for that: <c>"account"</c> (<c>Account not
/// found</c>) or <c>"device"</c> (<c>No saved device ID…</c>).</description></item>
/// <item><term><c>"password": "correct horse"</c></term><description>The only password that is accepted.</description></item>
/// <item><term><c>"totpSecret": "JBSWY3DPEHPK3PXP"</c></term><description>Base32; when present a sign-in also asks for the code
/// of the moment (one 30 s step of tolerance, each code once in a HOME).</description></item>
/// <item><term><c>"totpPromptDelay": 20</c></term><description>Milliseconds between the password and the prompt for the code;
/// whatever stands in the pipe when the prompt comes is lost.</description></item>
/// <item><term><c>"newer": "ascending"</c></term><description>A newer page is <c>"ascending"</c>, <c>"descending"</c> or
/// <c>"shuffled"</c> (the next events, in that order) or <c>"newest100"</c> (the newest events above the id, newest first: may
/// leave a hole).</description></item>
/// <item><term><c>"inclusive": false</c></term><description>With true a newer page contains the asked event
/// too.</description></item>
/// <item><term><c>"pageSize": 100</c></term><description>Events of a full page.</description></item>
/// <item><term><c>"minEid": 0</c></term><description>Events below are no longer shown (retention).</description></item>
/// <item><term><c>"empty": "[]"</c></term><description>How an empty page is printed: <c>"[]"</c>, <c>"null"</c> or
/// <c>""</c>.</description></item>
/// <item><term><c>"layout": "compact"</c></term><description>or <c>"pretty"</c>: blanks between tokens, the tokens themselves
/// untouched (an item that is no JSON loses its blanks).</description></item>
/// <item><term><c>"sessionLifeCalls": 3</c></term><description>A session ends at the server after that many list
/// calls (absent: never).</description></item>
/// <item><term><c>"endOtherSessions": false</c></term><description>With true a sign-in ends all other
/// sessions.</description></item>
/// <item><term><c>"sessionNotStored": false</c></term><description>With true a sign-in prints a token and stores
/// nothing.</description></item>
/// <item><term><c>"parallelFaults": false</c></term><description>With true every call leaves the session file empty for a few
/// milliseconds, as 0.2.1 does: calls at the same time fail at random.</description></item>
/// <item><term><c>"permission": "all"</c></term><description><c>"none"</c>: <c>list events</c> is refused with
/// 403.</description></item>
/// <item><term><c>"unknownIds": "answered"</c></term><description>Asked from an id that is no event, the server answers;
/// <c>"refused"</c>: 404; <c>"empty"</c>: an empty page.</description></item>
/// <item><term><c>"answerTime": 0</c></term><description>Milliseconds that the server takes for a page.</description></item>
/// <item><term><c>"mostAtOnce": 2</c></term><description>The server answers 429 to a list of events while so many others are
/// under way (absent: never).</description></item>
/// <item><term><c>"endOfLife": false</c></term><description>With true the server answers 445 to everything.</description></item>
/// <item><term><c>"users"</c>, <c>"groups"</c>, <c>"vaults"</c></term><description>What the lists print, byte for byte as written
/// here (an array or <c>null</c>; small defaults in the generation's shape).</description></item>
/// <item><term><c>"members"</c></term><description>What <c>list users --group=UUID</c> prints, byte for byte, by the uuid of the
/// group; 1.x does not know any other group, and 0.x passes over the option.</description></item>
/// <item><term><c>"vaultUsers"</c>, <c>"vaultGroups"</c></term><description>The same of <c>list users --vault=UUID</c> and <c>list
/// groups --vault=UUID</c>, by the uuid of the vault.</description></item>
/// <item><term><c>"userGroups"</c>, <c>"userVaults"</c>, <c>"groupVaults"</c></term><description>The same of <c>list groups
/// --user=UUID</c>, <c>list vaults --user=UUID</c> and <c>list vaults --group=UUID</c>.</description></item>
/// <item><term><c>"generate"</c></term><description><c>{"count": 250, "first": 1000, "step": 7, "start": "2026-09-01T00:00:00Z",
/// "every": "60s"}</c>: a history computed instead of read from <c>op-events.ndjson</c>. <c>every</c> is a number with ms, s, m,
/// h or d.</description></item>
/// <item><term><c>"faults"</c></term><description>See below; the first that fits a call is played.</description></item>
/// </list>
/// <para>
/// A fault is <c>{"command": "list events", "call": 2, "times": 3, "do": "hang"}</c>. <c>command</c> is one of <c>--version</c>,
/// <c>signin</c>, <c>signout</c>, <c>list events</c>, <c>list users</c>, <c>list groups</c>, <c>list vaults</c>. <c>call</c>
/// counts the calls of that command in this HOME from 1. With <c>call</c> and <c>times</c> K it hits K calls from that one on;
/// with <c>times</c> alone the next K calls since the scenario file was last written; with neither every call. <c>do</c> is one
/// of:
/// </para>
/// <list type="table">
/// <item><term>before anything else</term><description><c>"hang"</c> never answers; <c>"hang-tree"</c> hangs with a child that
/// holds stdout (its pid in <c>op-child.pid</c>); <c>"ignore-sigterm"</c> hangs and survives SIGTERM; <c>"slow"</c> waits
/// <c>"ms": 200</c>, then answers; <c>"wait"</c> makes <c>op-waiting</c>, waits for <c>op-go</c>, then answers;
/// <c>"flood-stderr"</c> writes 1 MB to stderr, <c>"chatter"</c> the line about a non-standard configuration, then both
/// answer.</description></item>
/// <item><term>instead of the server</term><description>(after op's own checks of stdin, arguments and session) <c>"exit"</c>
/// with <c>"code": 1</c>, <c>"stdout"</c>, <c>"stderr"</c> as they are, <c>"text"</c> as an error line of the generation;
/// <c>"http"</c> with <c>"status": 503</c> and perhaps <c>"text"</c> (401 without it: the generation's own words);
/// <c>"network"</c> with perhaps the cause as <c>"text"</c>; <c>"expire"</c> ends the session at the server first (list and
/// signout).</description></item>
/// <item><term>to a right answer</term><description><c>"half"</c> prints its first half and exits as if all were well;
/// <c>"half-fail"</c> its first half, then a network error; <c>"html"</c> and <c>"garbage"</c> something else; <c>"crash"</c> all
/// of it, then a Go panic (exit 2); <c>"orphan"</c> all of it, but a child holds stdout for 5 s (pid in <c>op-child.pid</c>);
/// <c>"repeat"</c> the page of the <c>list events</c> call before.</description></item>
/// </list>
/// <para>
/// <c>op-events.ndjson</c> holds one item a line, in any order, printed byte for byte. A line may begin with <c>@eid=N</c> (the
/// position of an item whose own eid cannot be read) and <c>@after=K</c> (not visible in the first K successful <c>list
/// events</c> calls), separated by blanks and ended by a TAB. <c>op-journal.ndjson</c> gets a line a call; <c>op-ledger.tsv</c>
/// holds what calls leave each other (delete it to end all sessions and to count from 1 again).
/// </para>
/// </remarks>
internal sealed record Scenario
{
    /// <summary>Changes whenever the scenario is written anew.</summary>
    public string Stamp { get; init; } = "";

    public string Version { get; init; } = "1.12.9";

    public string Account { get; init; } = "acme";

    public string Email { get; init; } = "user@example.com";

    public string? LatestSignin { get; init; }

    public bool Known { get; init; } = true;

    public string NotKnown { get; init; } = "account";

    public string Password { get; init; } = "correct horse";

    public string? TotpSecret { get; init; }

    public int TotpPromptDelay { get; init; } = 20;

    public NewerOrder Newer { get; init; }

    public bool Inclusive { get; init; }

    public int PageSize { get; init; } = 100;

    public long MinEid { get; init; }

    public string Empty { get; init; } = "[]";

    public bool Pretty { get; init; }

    public int? SessionLifeCalls { get; init; }

    public bool EndOtherSessions { get; init; }

    public bool SessionNotStored { get; init; }

    public bool ParallelFaults { get; init; }

    public string UnknownIds { get; init; } = "answered";

    public int AnswerTime { get; init; }

    public int? MostAtOnce { get; init; }

    public bool MayListEvents { get; init; } = true;

    public bool EndOfLife { get; init; }

    public string? Users { get; init; }

    public string? Groups { get; init; }

    public string? Vaults { get; init; }

    public IReadOnlyDictionary<string, string> Members { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> VaultUsers { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> VaultGroups { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> UserGroups { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> UserVaults { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> GroupVaults { get; init; } = new Dictionary<string, string>();

    public GeneratedEvents? Generate { get; init; }

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public string Host => $"{Account}.1password.com";
}
