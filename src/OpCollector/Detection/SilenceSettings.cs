using OpCollector.Configuration;

namespace OpCollector.Detection;

/// <summary>When the absence of events is an alarm of its own: <c>silence</c>.</summary>
/// <param name="After">How old the last event may be; null where silence raises no alarm.</param>
internal sealed record SilenceSettings(TimeSpan? After)
{
    public static readonly SilenceSettings Default = new(TimeSpan.FromHours(24));

    /// <param name="silence"><c>"off"</c>, or an object with <c>after</c>, which may be <c>"off"</c> as well.</param>
    public static SilenceSettings Read(ConfigurationMember silence)
    {
        if (silence.IsText)
        {
            return silence.AsText() == "off"
                ? new SilenceSettings((TimeSpan?)null)
                : throw silence.Wrong($"\"{silence.AsText()}\" is unknown; write \"off\", or {{\"after\": \"24h\"}}");
        }

        var after = silence.AsObject().Get("after");
        silence.RefuseOthers();
        return new SilenceSettings(after.IsText && after.AsText() == "off" ? null : after.AsDuration());
    }
}
