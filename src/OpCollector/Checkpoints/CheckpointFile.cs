using System.Text;
using System.Text.Json;
using OpCollector.Detection;
using OpCollector.Events;
using OpCollector.Sources.EventsApi;
using OpCollector.Storage;
using Serilog;

namespace OpCollector.Checkpoints;

/// <summary>
/// The checkpoint on the disk, with the one before it beside it. Neither a crash nor a damaged file ever makes a run begin
/// somewhere else in silence.
/// </summary>
/// <param name="source">Whose events it counts; null where it is only looked at, whatever it counts.</param>
internal sealed class CheckpointFile(StateStore state, string name, string? source, ILogger log)
{
    /// <summary>The checkpoint of cron.</summary>
    public const string Main = "checkpoint.json";

    const string BackfillBeginning = "backfill-";

    const string PreviousEnding = ".prev.json";

    static readonly byte[] ChecksumMember = ",\"checksum\":\"sha256:"u8.ToArray();

    readonly string _previous = Path.ChangeExtension(name, PreviousEnding);

    /// <summary>Whether the checkpoint was read from the one before it, and waits to be written whole again.</summary>
    public bool IsDamaged { get; private set; }

    // It does not know its account before it has asked; it compares what it hears itself.
    bool IsEventsApi => source == StreamPositions.AnyAccount;

    /// <summary>The checkpoint; null before the first run. Two damaged files are not a first run (78).</summary>
    public Checkpoint? Read()
    {
        var (current, damage) = TryRead(name);
        if (current is null)
        {
            (current, var previousDamage) = TryRead(_previous);
            if (current is null && damage is null && previousDamage is null)
            {
                return null;
            }

            if (current is null)
            {
                throw new Failure(
                    ExitCode.Configuration,
                    $"{state.PathOf(name)} {damage ?? "is missing"} and {state.PathOf(_previous)} {previousDamage ?? "is missing"}; " +
                        $"{(IsEventsApi ? "" : "set the position by hand with opcollector checkpoint set EID, or ")}begin anew with " +
                        "opcollector checkpoint reset");
            }

            IsDamaged = true;
            log.Warning(
                "{Path:l} {Damage:l}; going on from {Previous:l}, at most one batch is repeated",
                state.PathOf(name),
                damage ?? "is missing",
                state.PathOf(_previous));
        }

        RefuseForeign(current);
        return current.ToCheckpoint();
    }

    /// <summary>Makes what is written together with the checkpoint durable at once, where the state can.</summary>
    public void WriteTogether(Action writes) => state.WriteTogether(writes);

    public void Write(Checkpoint checkpoint)
    {
        // A damaged one is not worth keeping: the good one before it stays until the new one is there.
        state.Replace(name, Serialize(CheckpointContent.Create(checkpoint)), IsDamaged ? null : _previous);
        IsDamaged = false;
    }

    /// <summary>The checkpoint of a backfill.</summary>
    public static string BackfillName(string hash) => $"{BackfillBeginning}{hash}.json";

    /// <summary>The checkpoints of backfills that were interrupted, or are at work.</summary>
    public static IEnumerable<string> BackfillNames(StateStore state) =>
        state.Names(BackfillBeginning, ".json").Where(name => !name.EndsWith(PreviousEnding, StringComparison.Ordinal));

    /// <summary>The position of another account is not ours to move, not even by hand.</summary>
    public void RefuseForeign() => RefuseForeign(TryRead(name).Content ?? TryRead(_previous).Content);

    /// <summary>A position set by hand, over a damaged one too: at every moment the old one counts, or the new one.</summary>
    public void Overwrite(Checkpoint checkpoint)
    {
        state.Replace(name, Serialize(CheckpointContent.Create(checkpoint)));
        state.Delete(_previous);
        RuleMemoryFile.Delete(state, name);
    }

    public void Delete()
    {
        // The previous one first: alone, it would be taken for the truth.
        state.Delete(_previous);
        state.Delete(name);
        RuleMemoryFile.Delete(state, name);
    }

    internal static byte[] Serialize(CheckpointContent content)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(content, CheckpointJson.Default.CheckpointContent).AsSpan()[..^1];
        byte[] end = [.. ChecksumMember, .. Encoding.ASCII.GetBytes(Digest.Compute(json)), .. "\"}\n"u8];
        // Not spread like the rest: that copies a byte at a time, and correlations may be long.
        var file = new byte[json.Length + end.Length];
        json.CopyTo(file);
        end.CopyTo(file, json.Length);
        return file;
    }

    void RefuseForeign(CheckpointContent? content)
    {
        if (content is not null && !IsOurs(content.Source))
        {
            throw new Failure(
                ExitCode.Configuration,
                $"{state.PathOf(name)} belongs to the source {ForeignText.Clean(content.Source)}, not to {source}; give each source its " +
                    "own state.directory");
        }
    }

    bool IsOurs(string other) =>
        source is null || (IsEventsApi ? StreamPositions.IsSource(other) : other == source);

    (CheckpointContent? Content, string? Damage) TryRead(string name) =>
        state.Read(name, StateStore.Large) is { } bytes ? Parse(bytes) : (null, null);

    static (CheckpointContent? Content, string? Damage) Parse(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.LastIndexOf(ChecksumMember);
        if (end < 0)
        {
            return (null, "is damaged (no checksum)");
        }

        var checksum = Encoding.ASCII.GetString(bytes[(end + ChecksumMember.Length)..].TrimEnd("\"}\r\n"u8));
        if (checksum != Digest.Compute(bytes[..end]))
        {
            return (null, "is damaged (its checksum does not fit)");
        }

        try
        {
            var content = SafeJson.Read((byte[])[.. bytes[..end], (byte)'}'], CheckpointJson.Default.CheckpointContent);
            return content.Format != CheckpointContent.CurrentFormat
                ? (null, $"has format {content.Format}, which this version does not know")
                : content.IsSound ? (content, null)
                : (null, "is damaged (it holds what no run leaves behind)");
        }
        catch (NoJsonException)
        {
            return (null, "is of another version");
        }
    }
}
