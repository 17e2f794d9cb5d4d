using System.Text.Json.Serialization;
using OpCollector.Storage;

namespace OpCollector.Sources.Op;

/// <summary>
/// What is remembered of op between runs, in <c>op.json</c>: its generation, so that an idle run needs no <c>--version</c>; a
/// refused sign-in, so that cron does not lock the account; the last one-time code, because each works once.
/// </summary>
internal abstract class OpMemory(StateStore state)
{
    readonly KeptRecord<OpMemoryContent> _memory = new(state, "op.json", OpMemoryJson.Default.OpMemoryContent, new OpMemoryContent());

    public static OpMemory Create(StateStore state, RefusalPolicy refusals) =>
        refusals == RefusalPolicy.Pause ? new RunMemory(state) : new CheckMemory(state);

    /// <summary>The refusal that keeps this run from signing in now; null where it may.</summary>
    public abstract CredentialRefusal? PauseAt(DateTimeOffset now);

    /// <summary>Begins a pause after a refusal, or makes it longer.</summary>
    /// <returns>Until when later runs wait; null where they do not.</returns>
    public abstract CredentialRefusal? BeginPause(DateTimeOffset now);

    /// <summary>Keeps the version of an executable, where what this run has learned is kept.</summary>
    public abstract void RememberVersion(FileInfo executable, string version);

    // From the file: cron and a backfill by hand use up codes beside each other.
    public long LastTotpStep => _memory.Latest.TotpStep;

    /// <summary>The version of this very file, if it was asked before.</summary>
    public string? VersionOf(FileInfo executable) => _memory.Content.Executable == Identity(executable) ? _memory.Content.Version : null;

    /// <summary>Whether the code of this half minute is ours alone: from now on nobody else uses it.</summary>
    public bool TryTakeTotpStep(long step)
    {
        var isOurs = false;
        _memory.Change(content =>
        {
            // A step that is still far away was written by a clock that was wrong.
            isOurs = content.TotpStep - step is not (0 or 1);
            return isOurs ? content with { TotpStep = step } : content;
        });
        return isOurs;
    }

    /// <summary>A sign-in that worked ends the pause.</summary>
    public void ForgetRefusal()
    {
        if (_memory.Content.Refusal is not null)
        {
            _memory.Change(content => content with { Refusal = null });
        }
    }

    static string Identity(FileInfo executable) =>
        $"{executable.FullName} {executable.Length} {executable.LastWriteTimeUtc.Ticks}";

    /// <summary>The memory as runs have it.</summary>
    internal sealed class RunMemory(StateStore state) : OpMemory(state)
    {
        public override CredentialRefusal? PauseAt(DateTimeOffset now) =>
            Refused(now) is { } refusal && refusal.Until > now ? refusal : null;

        public override CredentialRefusal? BeginPause(DateTimeOffset now)
        {
            var refusal = CredentialRefusal.After(Refused(now), now);
            _memory.Change(content => content with { Refusal = refusal });
            return _memory.IsKept ? refusal : null;
        }

        public override void RememberVersion(FileInfo executable, string version) =>
            _memory.Change(content => content with { Executable = Identity(executable), Version = version });

        CredentialRefusal? Refused(DateTimeOffset now) => CredentialRefusal.Believed(_memory.Content.Refusal, now);
    }

    /// <summary>
    /// The memory as a check has it: it tries at once, neither begins a pause nor makes one longer, and leaves nothing behind but what a
    /// sign-in changes: a pause that is over, and a code that is used up.
    /// </summary>
    internal sealed class CheckMemory(StateStore state) : OpMemory(state)
    {
        public override CredentialRefusal? PauseAt(DateTimeOffset now) => null;

        public override CredentialRefusal? BeginPause(DateTimeOffset now) => null;

        public override void RememberVersion(FileInfo executable, string version)
        {
        }
    }
}

/// <summary>How <see cref="OpMemory"/> is written to the disk.</summary>
/// <param name="Executable">Path, size and time of change of the op that <paramref name="Version"/> belongs to.</param>
internal sealed record OpMemoryContent(
    string? Executable = null, string? Version = null, CredentialRefusal? Refusal = null, long TotpStep = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpMemoryContent))]
internal sealed partial class OpMemoryJson : JsonSerializerContext;
