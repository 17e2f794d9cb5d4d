using System.Text.Json.Serialization;
using OpCollector.Storage;

namespace OpCollector.Sources.Op;

/// <summary>
/// What is remembered of op between runs, in <c>op.json</c>: its generation, so that an idle run needs no <c>--version</c>; a
/// refused sign-in, so that cron does not lock the account; the last one-time code, because each works once.
/// </summary>
internal sealed class OpMemory(StateStore state)
{
    readonly KeptRecord<OpMemoryContent> _memory = new(state, "op.json", OpMemoryJson.Default.OpMemoryContent, new OpMemoryContent());

    /// <summary>Whether the next run knows it too.</summary>
    public bool IsKept => _memory.IsKept;

    /// <summary>The sign-in that was refused; null where the last one was not.</summary>
    public Refusal? RefusalAt(DateTimeOffset now) => Refusal.Believed(_memory.Content.Refusal, now);

    // From the file: cron and a backfill by hand use up codes beside each other.
    public long LastTotpStep => _memory.Latest.TotpStep;

    /// <summary>The version of this very file, if it was asked before.</summary>
    public string? VersionOf(FileInfo executable) => _memory.Content.Executable == Identity(executable) ? _memory.Content.Version : null;

    public void RememberVersion(FileInfo executable, string version) =>
        _memory.Change(content => content with { Executable = Identity(executable), Version = version });

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

    public Refusal RememberRefusal(DateTimeOffset now)
    {
        var refusal = Refusal.After(RefusalAt(now), now);
        _memory.Change(content => content with { Refusal = refusal });
        return refusal;
    }

    public void ForgetRefusal()
    {
        if (_memory.Content.Refusal is not null)
        {
            _memory.Change(content => content with { Refusal = null });
        }
    }

    static string Identity(FileInfo executable) =>
        $"{executable.FullName} {executable.Length} {executable.LastWriteTimeUtc.Ticks}";
}

/// <summary>How <see cref="OpMemory"/> is written to the disk.</summary>
/// <param name="Executable">Path, size and time of change of the op that <paramref name="Version"/> belongs to.</param>
internal sealed record OpMemoryContent(string? Executable = null, string? Version = null, Refusal? Refusal = null, long TotpStep = 0);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OpMemoryContent))]
internal sealed partial class OpMemoryJson : JsonSerializerContext;
