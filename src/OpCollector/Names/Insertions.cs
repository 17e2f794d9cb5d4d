using System.Buffers;

namespace OpCollector.Names;

/// <summary>Puts names into an event, each directly behind the member it explains; every other byte stays as it is.</summary>
internal static class Insertions
{
    /// <summary>Writes the event as far as it is explained, in the order of its members.</summary>
    /// <returns>How much of the event is written.</returns>
    public static int Write(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> bytes, ReadOnlySpan<Insertion> insertions)
    {
        var written = 0;
        for (var next = Next(insertions, written); next.At > 0; next = Next(insertions, written))
        {
            json.Write(bytes[written..next.At]);
            written = next.At;
            Add(json, next.NameMember, next.Name!.Name);
            Add(json, next.EmailMember, next.Name.Email);
        }

        return written;
    }

    static Insertion Next(ReadOnlySpan<Insertion> insertions, int written)
    {
        var next = default(Insertion);
        foreach (var each in insertions)
        {
            if (each.Name is not null && each.At > written && (next.At == 0 || each.At < next.At))
            {
                next = each;
            }
        }

        return next;
    }

    static void Add(ArrayBufferWriter<byte> json, byte[]? member, byte[] text)
    {
        if (member is not null && text.Length > 0)
        {
            json.Write(member);
            json.Write(text);
            json.Write("\""u8);
        }
    }
}

/// <summary>A name and perhaps an e-mail that are written behind the member they explain.</summary>
/// <param name="At">Where, in the bytes of the event; 0 for nowhere.</param>
/// <param name="NameMember">The member of the name; null where the event has one already.</param>
/// <param name="EmailMember">The same for the e-mail; null too for what has none.</param>
internal readonly record struct Insertion(int At, EncodedName? Name, byte[]? NameMember, byte[]? EmailMember);
