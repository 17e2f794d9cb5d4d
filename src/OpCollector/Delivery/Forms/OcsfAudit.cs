using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>
/// An audit event, of op too, as the class that fits: Account Change, User Access Management, Group Management, or Entity Management for
/// all else.
/// </summary>
internal static class OcsfAudit
{
    public static void Write(NestedJson json, TakenMembers members, ActivityEvent item)
    {
        var type = Words(members.Look("object_type"u8));
        var target = OcsfThing.Object(members);
        var aux = OcsfThing.Aux(members);
        var of = ClassOf(type, Words(members.Look("action"u8)), target, aux);
        // What a class says in numbers of its own is told by 1Password's words too.
        var activity = of.Activity == OcsfClass.Other ? members.Text("action"u8) : default;
        OcsfBeginning.Write(json, of, activity, 1, members, item, Streams.Audit);
        WriteActor(json, members);
        switch (of.Uid)
        {
            case OcsfClass.AccountChange:
                target.WriteUser(json, "user"u8);
                break;
            case OcsfClass.UserAccess:
                aux.WriteUser(json, "user"u8);
                target.WriteResource(json, "vault"u8);
                break;
            case OcsfClass.GroupManagement when type == "gva":
                aux.WriteNamed(json, "group"u8, default);
                target.WriteResource(json, "vault"u8);
                break;
            case OcsfClass.GroupManagement:
                target.WriteNamed(json, "group"u8, default);
                aux.WriteUser(json, "user"u8);
                break;
            default:
                target.WriteNamed(json, "entity"u8, members.Text("object_type"u8));
                break;
        }

        OcsfParts.WriteEndpoint(json, members, members.Object("session"u8), "ip"u8);
    }

    // A class whose main object is not told is none.
    static OcsfClass ClassOf(string type, string action, OcsfThing target, OcsfThing aux)
    {
        var of = OcsfClass.OfAudit(type, action);
        var main = of.Uid == OcsfClass.UserAccess || type == "gva" ? aux : target;
        return main.IsKnown ? of : OcsfClass.OfEntity(action);
    }

    static void WriteActor(NestedJson json, TakenMembers members)
    {
        var actor = OcsfThing.Actor(members);
        var session = members.Object("session"u8).Text("uuid"u8);
        if (!actor.IsKnown && session.IsEmpty)
        {
            return;
        }

        json.Open("actor"u8);
        actor.WriteUser(json, "user"u8);
        if (!session.IsEmpty)
        {
            json.Open("session"u8);
            json.Raw("uid"u8, session);
            json.Close();
        }

        json.Close();
    }

    static string Words(ReadOnlySpan<byte> text) => text.Length > 2 ? Encoding.UTF8.GetString(text[1..^1]) : "";
}
