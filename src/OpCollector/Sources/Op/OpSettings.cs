using OpCollector.Configuration;
using OpCollector.Events;

namespace OpCollector.Sources.Op;

/// <summary>How the 1Password CLI is run: <c>source.op</c>.</summary>
/// <param name="Path">The executable: a name to be searched in PATH, or an absolute path.</param>
/// <param name="Account">The shorthand that op knows from the one sign-in by hand.</param>
internal sealed record OpSettings(string Path, string Account, Secret Password, Secret? TotpSecret, TimeSpan Timeout)
    : SourceSettings
{
    static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(60);

    public override string Fingerprint => $"op:{Account}";

    public override Dialect Dialect => Dialect.Op;

    public override IReadOnlyList<string> StreamNames => [Events.Streams.Audit];

    public override bool ListsGroupMembers => true;

    public override bool KeepsWalks => true;

    public override Position? At(long eid) => OpPosition.At(Fingerprint, eid);

    public static OpSettings Read(ConfigurationMember op, EnvironmentVariables environment)
    {
        var settings = new OpSettings(
            op.Find("path") is { } path ? path.AsText().Contains('/', StringComparison.Ordinal) ? path.AsPath() : path.AsText() : "op",
            AccountFrom(op.Get("account")),
            Secret.Locate(op.Get("password"), environment),
            op.Find("totpSecret") is { } totp ? Secret.Locate(totp, environment) : null,
            op.Find("timeout")?.AsTimeLimit() ?? UsualTimeout);
        op.RefuseOthers();
        return settings;
    }

    // It becomes an argument of op and a part of a variable's name, so nothing that could be read as a flag or an assignment.
    static string AccountFrom(ConfigurationMember account) =>
        account.AsText().All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-') && account.AsText()[0] != '-'
            ? account.AsText()
            : throw account.Wrong(
                $"\"{account.AsText()}\" is not a shorthand: letters, digits, - and _ only (the \"acme\" of acme.1password.com)");
}
