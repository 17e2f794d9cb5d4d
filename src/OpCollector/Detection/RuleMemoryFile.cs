using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text.Json.Serialization;
using OpCollector.Storage;

namespace OpCollector.Detection;

/// <summary>
/// What the rules remember, on the disk beside the checkpoint that it belongs to. A file begins with all of it and grows by what each page
/// has changed; then the next file begins. The checkpoint says up to where it counts, so a crash between the two is as if the page had
/// not been looked at.
/// </summary>
/// <param name="checkpoint">The name of the checkpoint.</param>
internal sealed class RuleMemoryFile(StateStore state, string checkpoint)
{
    const string Middle = ".rules-";
    const string Ending = ".bin";

    // The length of what follows, and a hash of it.
    const int HeadBytes = sizeof(int) + sizeof(ulong);

    /// <summary>What was written up to a mark, in order; and whether more can be written behind it.</summary>
    public (IReadOnlyList<byte[]> Changes, bool IsWhole) Read(MemoryMark mark)
    {
        if (mark.File == 0)
        {
            return ([], false);
        }

        var bytes = state.ReadRecords(NameOf(mark.File), size: 1, StateStore.Large);
        var (changes, at) = (new List<byte[]>(), 0);
        while (at + HeadBytes <= Math.Min(bytes.Length, mark.Length)
            && BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at)) is >= 0 and var length
            && length <= bytes.Length - at - HeadBytes)
        {
            var change = bytes.AsSpan(at + HeadBytes, length);
            if (XxHash3.HashToUInt64(change) != BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + sizeof(int))))
            {
                break;
            }

            changes.Add(change.ToArray());
            at += HeadBytes + length;
        }

        return (changes, at == mark.Length && bytes.Length == mark.Length);
    }

    /// <summary>Keeps what a page has changed. It is on the disk when this returns.</summary>
    public void Write(MemoryChange change)
    {
        if (change.Bytes.Length == 0)
        {
            return;
        }

        if (change.Mark.Length > change.Bytes.Length)
        {
            state.Append(NameOf(change.Mark.File), change.Bytes, size: 1);
            return;
        }

        state.Replace(NameOf(change.Mark.File), change.Bytes);
        // The checkpoint before this one still counts on the file before this one.
        string[] needed = [NameOf(change.Mark.File), NameOf(change.Mark.File - 1)];
        foreach (var old in state.Names(Beginning(checkpoint), Ending).Except(needed))
        {
            state.Delete(old);
        }
    }

    /// <summary>Removes all that belongs to a checkpoint.</summary>
    public static void Delete(StateStore state, string checkpoint)
    {
        foreach (var name in state.Names(Beginning(checkpoint), Ending))
        {
            state.Delete(name);
        }
    }

    /// <summary>Changes as they are written.</summary>
    public static byte[] Frame(byte[] changes)
    {
        var bytes = new byte[HeadBytes + changes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, changes.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(sizeof(int)), XxHash3.HashToUInt64(changes));
        changes.CopyTo(bytes, HeadBytes);
        return bytes;
    }

    static string Beginning(string checkpoint) => Path.GetFileNameWithoutExtension(checkpoint) + Middle;

    string NameOf(int file) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Beginning(checkpoint)}{file}{Ending}");
}

/// <summary>Up to where a file of the memory counts; without a number where nothing is remembered yet.</summary>
internal sealed record MemoryMark(int File, long Length)
{
    public static readonly MemoryMark Nothing = new(0, 0);

    /// <summary>When the first wait of a rule is over that something has not happened; null where none waits.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Due { get; init; }
}

/// <summary>What a page has changed in the memory of the rules, and up to where the memory counts once it is kept.</summary>
/// <param name="Bytes">A whole new file if its length equals that of the mark, else what to append; empty if nothing changed.</param>
internal sealed record MemoryChange(MemoryMark Mark, byte[] Bytes);
