using System.Buffers;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// Events and findings in the Open Cybersecurity Schema Framework (https://schema.ocsf.io). What has no place there is in <c>unmapped</c>.
/// </summary>
internal sealed class OcsfShape() : Shape("ocsf")
{
    readonly OcsfMembers _members = new();

    public override Shape ForPage() => new OcsfShape();

    public override ReadOnlyMemory<byte> Convert(ActivityEvent item, string stream, ArrayBufferWriter<byte> buffer)
    {
        // Of a finding the event stays as it is; it is evidence.
        var members = _members;
        members.Read(item.Bytes);
        var start = buffer.WrittenCount;
        var json = new NestedJson(buffer);
        json.Open();
        if (item.IsFinding)
        {
            OcsfFinding.Write(json, members, item);
        }
        else if (members.Peek(OcsfMember.Kind).SequenceEqual("\"test\""u8))
        {
            members.Any(OcsfMember.Kind);
            members.Any(OcsfMember.Id);
            OcsfBeginning.Write(json, new OcsfClass(OcsfClass.Base, OcsfClass.Other), "\"Test\""u8, 1, members, item, stream);
        }
        else
        {
            WriteEvent(json, members, item, stream);
        }

        members.WriteRest(json, "unmapped"u8);
        json.Close();
        return buffer.WrittenMemory[start..];
    }

    static void WriteEvent(NestedJson json, OcsfMembers members, ActivityEvent item, string stream)
    {
        switch (stream)
        {
            case Streams.SignIn:
                OcsfSignIn.Write(json, members, item);
                break;
            case Streams.ItemUsage:
                OcsfItemUsage.Write(json, members, item);
                break;
            default:
                OcsfAudit.Write(json, members, item);
                break;
        }
    }
}
