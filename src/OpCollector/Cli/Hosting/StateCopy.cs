using System.Globalization;
using OpCollector.Checkpoints;

namespace OpCollector.Cli.Hosting;

/// <summary>Copies a state from one place to another that holds none, and compares what arrived.</summary>
internal static class StateCopy
{
    /// <summary>Copies all of it; what is not all there counts as not copied.</summary>
    /// <returns>What was copied, in words.</returns>
    /// <exception cref="Failure">The other place holds another state (78), or cannot keep this one (74).</exception>
    public static string Make(StatePlace from, StatePlace to)
    {
        var digest = from.Digest();
        if (to.Names.Contains(CheckpointFile.Main) || to.Lines.Any())
        {
            return to.Digest() == digest
                ? $"{to.Store.Location} holds the same already"
                : throw new Failure(
                    ExitCode.Configuration,
                    $"{to.Store.Location} holds a state already, and another one; nothing was copied: move it away first");
        }

        var names = from.Names;
        var items = 0;
        to.Store.WriteTogether(() =>
        {
            to.Quarantine.Import(from.Lines.Select(line =>
            {
                items++;
                return line;
            }));
            foreach (var name in names)
            {
                to.Store.Replace(name, from.Content(name));
            }
        });
        return to.Digest() == digest
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{names.Count} files and {items} lines of the quarantine were copied to {to.Store.Location}, and read back alike")
            : throw new Failure(
                ExitCode.Disk,
                $"What was copied to {to.Store.Location} does not read back alike; go on with {from.Store.Location}, and move the copy away");
    }
}
