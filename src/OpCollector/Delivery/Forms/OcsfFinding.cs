using System.Globalization;
using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>A finding as the class Detection Finding; the event that caused it is its evidence.</summary>
internal static class OcsfFinding
{
    const string Attack = "attack.";

    public static void Write(NestedJson json, OcsfMembers members, ActivityEvent item)
    {
        var summary = members.Peek(OcsfMember.Summary);
        members.Any(OcsfMember.Kind);
        members.Any(OcsfMember.Id);
        members.Any(OcsfMember.Severity);
        var created = new OcsfClass(OcsfClass.DetectionFinding, 1);
        OcsfBeginning.Write(json, created, default, Severity(members.Text(OcsfMember.RuleLevel)), members, item, "findings");
        json.Number("status_id"u8, 1);
        json.Raw("is_alert"u8, "true"u8);
        json.Open("finding_info"u8);
        json.Text("uid"u8, item.Id);
        json.Raw("title"u8, members.Peek(OcsfMember.RuleTitle));
        json.Raw("desc"u8, summary);
        WriteAnalytic(json, members);
        WriteAttacks(json, members.List(OcsfMember.RuleTags));
        json.OpenList("related_events"u8);
        foreach (var id in members.List(OcsfMember.EventIds))
        {
            json.Open();
            json.Raw("uid"u8, id.Span);
            json.Close();
        }

        json.CloseList();
        json.Close();
        if (members.Any(OcsfMember.Event) is { IsEmpty: false } each)
        {
            json.OpenList("evidences"u8);
            json.Open();
            json.Raw("data"u8, each);
            json.Close();
            json.CloseList();
        }
    }

    static void WriteAnalytic(NestedJson json, OcsfMembers members)
    {
        json.Open("analytic"u8);
        json.Raw("uid"u8, members.Text(OcsfMember.RuleId));
        json.Raw("name"u8, members.Text(OcsfMember.RuleTitle));
        json.Raw("desc"u8, members.Text(OcsfMember.RuleDescription));
        json.Number("type_id"u8, 1);
        json.Text("type"u8, "Rule"u8);
        json.Close();
    }

    // Tags as Sigma writes them: attack.defense-evasion, attack.t1562.007.
    static void WriteAttacks(NestedJson json, List<ReadOnlyMemory<byte>> tags)
    {
        json.OpenList("attacks"u8);
        foreach (var tag in tags.Select(tag => Encoding.UTF8.GetString(tag.Span).Trim('"'))
            .Where(IsAttack).Select(each => each[Attack.Length..]))
        {
            json.Open();
            if (IsTechnique(tag))
            {
                var uid = tag.ToUpperInvariant();
                WriteUid(json, "technique"u8, uid.Split('.')[0]);
                WriteUid(json, "sub_technique"u8, uid.Contains('.', StringComparison.Ordinal) ? uid : "");
            }
            else
            {
                json.Open("tactic"u8);
                json.Text("name"u8, Encoding.UTF8.GetBytes(CultureInfo.InvariantCulture.TextInfo.ToTitleCase(tag.Replace('-', ' '))));
                json.Close();
            }

            json.Close();
        }

        json.CloseList();
    }

    static void WriteUid(NestedJson json, ReadOnlySpan<byte> name, string uid)
    {
        if (uid.Length > 0)
        {
            json.Open(name);
            json.Text("uid"u8, Encoding.UTF8.GetBytes(uid));
            json.Close();
        }
    }

    static bool IsAttack(string tag) =>
        tag.StartsWith(Attack, StringComparison.Ordinal) && tag.Length > Attack.Length
            && tag.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    static bool IsTechnique(string tag) => tag is ['t', >= '0' and <= '9', ..];

    static int Severity(ReadOnlySpan<byte> level) =>
        level.SequenceEqual("\"critical\""u8) ? 5
        : level.SequenceEqual("\"high\""u8) ? 4
        : level.SequenceEqual("\"medium\""u8) ? 3
        : level.SequenceEqual("\"low\""u8) ? 2
        : 1;
}
