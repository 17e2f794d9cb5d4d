using System.Collections;
using System.Reflection;

namespace OpCollector.Tests.Support;

/// <summary>What the process cuts out of all texts: specs that load a configuration add to it, and nothing else ever takes away.</summary>
internal static class KnownSecrets
{
    /// <summary>Forgets them, for specs that look at texts in which somebody else's secret may be an ordinary word.</summary>
    public static void Forget()
    {
        foreach (var field in typeof(Redaction).GetFields(BindingFlags.Static | BindingFlags.NonPublic))
        {
            (field.GetValue(null) as IDictionary)?.Clear();
            (field.GetValue(null) as IList)?.Clear();
        }

        typeof(Redaction).GetField("_forms", BindingFlags.Static | BindingFlags.NonPublic)!.SetValue(null, SecretForms.None);
    }
}
