using System.IO.Hashing;
using System.Text;

namespace OpCollector.Detection.Sigma.Matching;

/// <summary>
/// Texts in upper case that were met lately. Events name the same people, vaults and countries again and again, and what rules remember of
/// them is one text instead of thousands.
/// </summary>
internal sealed class FoldedTexts
{
    const int MostTexts = 8192;

    // A uuid, an address or a name; what is longer is seldom met twice.
    const int LongestText = 64;

    readonly string?[] _texts = new string?[MostTexts];

    /// <summary>A text in upper case.</summary>
    public string Fold(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > LongestText)
        {
            return Folded(ascii);
        }

        ref var known = ref _texts[XxHash3.HashToUInt64(ascii) % MostTexts];
        return known is not null && Ascii.EqualsIgnoreCase(ascii, known) ? known : known = Folded(ascii);
    }

    static string Folded(ReadOnlySpan<byte> ascii) =>
        string.Create(ascii.Length, ascii, static (text, bytes) => Ascii.ToUpper(bytes, text, out _));
}
