using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;

namespace OpCollector.Events;

/// <summary>
/// The time of an event in every spelling that sources, exports and people's own tools have: RFC 3339 in full, and beyond it a blank for
/// <c>T</c>, a comma before the fraction, an offset without a colon or without minutes, <c>UTC</c>; ISO 8601's basic form; and seconds,
/// milliseconds, microseconds or nanoseconds since 1970, where their size leaves no doubt which. Without a zone it is UTC.
/// </summary>
internal static class EventTime
{
    // Longer than any spelling, escapes included.
    const int LongestRaw = 200;
    const int DigitsOfTicks = 7;

    // 1990 to 2099 in seconds: in any other unit this would be a time of the 1970s, or of another age.
    const decimal FirstSecond = 631_152_000;
    const decimal LastSecond = 4_102_444_799;

    /// <summary>The time in the value that a reader is at; null where it is not a time.</summary>
    public static DateTimeOffset? Read(in Utf8JsonReader value)
    {
        if (value.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || value.ValueSpan.Length > LongestRaw)
        {
            return null;
        }

        Span<char> text = stackalloc char[LongestRaw];
        return value.ValueIsEscaped ? Parse(text[..JsonText.Decode(value.ValueSpan, text)])
            : Utf8.ToUtf16(value.ValueSpan, text, out _, out var length) == System.Buffers.OperationStatus.Done ? Parse(text[..length])
            : null;
    }

    /// <summary>
    /// The time that a text means, in UTC; null where it means none. One before or behind what can be told is the first or the last that
    /// can.
    /// </summary>
    public static DateTimeOffset? Parse(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        var isUsual = text.Length > 4 && text[4] == '-';
        // Nearly every time has the usual form, and to look for a number takes longer than to read it.
        if (!isUsual && SinceEpoch(text) is { } counted)
        {
            return counted;
        }

        var form = isUsual ? TimeForm.Extended : TimeForm.Basic;
        if (Date(ref text, form) is not { } date)
        {
            return null;
        }

        if (text.IsEmpty)
        {
            return date;
        }

        if (!(text[0] is 'T' or 't' or '_' || char.IsWhiteSpace(text[0])))
        {
            return null;
        }

        text = text[1..].TrimStart();
        return Clock(ref text, form) is { } clock && Offset(text.TrimStart()) is { } offset ? Sum(date, clock - offset) : null;
    }

    static DateTimeOffset? SinceEpoch(ReadOnlySpan<char> text)
    {
        const NumberStyles style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!decimal.TryParse(text, style, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        for (var (seconds, unit) = (number, 0); unit < 4; (seconds, unit) = (seconds / 1000, unit + 1))
        {
            if (seconds is >= FirstSecond and <= LastSecond)
            {
                return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
            }
        }

        return null;
    }

    static DateTimeOffset? Date(ref ReadOnlySpan<char> text, TimeForm form) =>
        Number(ref text, 4) is { } year && (form == TimeForm.Basic || Skip(ref text, '-'))
        && Number(ref text, 2) is { } month && (form == TimeForm.Basic || Skip(ref text, '-'))
        && Number(ref text, 2) is { } day
        && year >= 1 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero)
            : null;

    /// <summary>Hours and minutes; seconds with a fraction may follow, and a second 60 where one was put in.</summary>
    static TimeSpan? Clock(ref ReadOnlySpan<char> text, TimeForm form)
    {
        if (Number(ref text, 2) is not (>= 0 and <= 23 and var hour)
            || !(form == TimeForm.Basic || Skip(ref text, ':'))
            || Number(ref text, 2) is not (>= 0 and <= 59 and var minute))
        {
            return null;
        }

        var clock = new TimeSpan(hour, minute, 0);
        if (form == TimeForm.Basic ? text.IsEmpty || !char.IsAsciiDigit(text[0]) : !Skip(ref text, ':'))
        {
            return clock;
        }

        if (Number(ref text, 2) is not (>= 0 and <= 60 and var second))
        {
            return null;
        }

        clock += TimeSpan.FromSeconds(second);
        return Skip(ref text, '.') || Skip(ref text, ',') ? clock + Fraction(ref text) : clock;
    }

    static TimeSpan? Fraction(ref ReadOnlySpan<char> text)
    {
        var (ticks, digits) = (0L, 0);
        for (; digits < text.Length && char.IsAsciiDigit(text[digits]); digits++)
        {
            ticks = digits < DigitsOfTicks ? (10 * ticks) + (text[digits] - '0') : ticks;
        }

        for (var missing = digits; missing < DigitsOfTicks; missing++)
        {
            ticks *= 10;
        }

        text = text[digits..];
        return digits == 0 ? null : TimeSpan.FromTicks(ticks);
    }

    static TimeSpan? Offset(ReadOnlySpan<char> text)
    {
        if (IsUtc(text))
        {
            return TimeSpan.Zero;
        }

        // U+2212 is the minus that ISO 8601 prefers.
        var isWest = text[0] is '-' or '\u2212';
        if (!isWest && text[0] != '+')
        {
            return null;
        }

        text = text[1..];
        if (Number(ref text, 2) is not (>= 0 and <= 23 and var hours))
        {
            return null;
        }

        var minutes = 0;
        if ((Skip(ref text, ':') || (!text.IsEmpty && char.IsAsciiDigit(text[0])))
            && !(Number(ref text, 2) is (>= 0 and <= 59) and { } written && (minutes = written) >= 0))
        {
            return null;
        }

        // "+0000 UTC", as Go prints it.
        return !IsUtc(text.TrimStart()) ? null : isWest ? -new TimeSpan(hours, minutes, 0) : new TimeSpan(hours, minutes, 0);
    }

    static bool IsUtc(ReadOnlySpan<char> zone) =>
        zone.IsEmpty
            || zone.Equals("Z", StringComparison.OrdinalIgnoreCase)
            || zone.Equals("UTC", StringComparison.OrdinalIgnoreCase)
            || zone.Equals("GMT", StringComparison.OrdinalIgnoreCase);

    static DateTimeOffset Sum(DateTimeOffset date, TimeSpan span) =>
        span < TimeSpan.Zero && date - DateTimeOffset.MinValue < -span ? DateTimeOffset.MinValue
        : span > TimeSpan.Zero && DateTimeOffset.MaxValue - date < span ? DateTimeOffset.MaxValue
        : date + span;

    static int? Number(ref ReadOnlySpan<char> text, int digits)
    {
        if (text.Length < digits)
        {
            return null;
        }

        var number = 0;
        foreach (var digit in text[..digits])
        {
            if (!char.IsAsciiDigit(digit))
            {
                return null;
            }

            number = (10 * number) + (digit - '0');
        }

        text = text[digits..];
        return number;
    }

    static bool Skip(ref ReadOnlySpan<char> text, char expected)
    {
        if (text.IsEmpty || text[0] != expected)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    // Of ISO 8601: without signs between the numbers, and with them.
    enum TimeForm
    {
        Basic,
        Extended,
    }
}
