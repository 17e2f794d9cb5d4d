using System.Security.Cryptography;
using OpCollector.Checkpoints;
using OpCollector.Delivery;
using OpCollector.Storage;

namespace OpCollector.Cli.Hosting;

/// <summary>One place where a state is kept: what is known by name, and the quarantine.</summary>
internal sealed record StatePlace(StateStore Store, Quarantine Quarantine)
{
    // What one host alone keeps, and what is kept elsewhere.
    static readonly string[] NotCopied = [".lock", ".tmp", "walk.ndjson", "quarantine.ndjson"];

    /// <summary>What is kept there by name; the checkpoint last, so that a copy that was cut off has none.</summary>
    public IReadOnlyList<string> Names =>
    [
        .. Store.Names("", "")
            .Where(name => !NotCopied.Any(ending => name.EndsWith(ending, StringComparison.Ordinal)))
            .OrderBy(name => name == CheckpointFile.Main),
    ];

    /// <summary>The lines of the quarantine that nothing has struck out.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Lines => Quarantine.Lines()
        .Where(line => !line.IsGone && line.Length > 1)
        .Select(line => line.IsUnread || line.IsTooLarge
            ? throw new Failure(
                ExitCode.Configuration,
                $"A line in {Quarantine.Location} is larger than 16 MB and cannot be copied; look at it and take it out")
            : line.Bytes);

    /// <summary>What the whole of it is known by, to compare two places.</summary>
    public string Digest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Names.Order(StringComparer.Ordinal))
        {
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(name));
            hash.AppendData(SHA256.HashData(Content(name)));
        }

        foreach (var line in Lines)
        {
            hash.AppendData(SHA256.HashData(line.Span));
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }

    public byte[] Content(string name) => Store.Read(name, StateStore.Large) ?? [];
}
