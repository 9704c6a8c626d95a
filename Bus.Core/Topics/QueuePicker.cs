using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>
/// Picks, message by message, which member of each queue group gets it: in turn, so that the shares are equal. The pick is
/// per message and not per batch, or a fast publisher would send a whole read to one member. One per topic actor.
/// </summary>
internal sealed class QueuePicker
{
    private Delivery?[] _deliveries = [];

    /// <summary>Makes the deliveries of all groups.</summary>
    /// <returns>Whether some group, other than a tap, got every message, so that each of them reached somebody.</returns>
    public bool Pick(PublishBatch batch, QueueGroup[] groups)
    {
        var complete = false;
        foreach (var group in groups)
        {
            if (_deliveries.Length < group.Members.Length) _deliveries = new Delivery?[group.Members.Length];
            var picked = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                if (batch[i].ExcludedQueues is { } excluded && Array.IndexOf(excluded, group.Name) >= 0) continue;
                if (PickOne(batch, group, i)) picked++;
            }

            complete |= picked == batch.Count && !group.IsTap;
            Array.Clear(_deliveries, 0, group.Members.Length);
        }

        return complete;
    }

    /// <summary>Whether the member may still be picked: UNSUB with a maximum counts what was picked for it.</summary>
    public static bool HasRoom(Subscriber member) => member.Maximum is var maximum && (maximum == 0 || member.Picked < maximum);

    private bool PickOne(PublishBatch batch, QueueGroup group, int index)
    {
        var members = group.Members;
        for (var tries = 0; tries < members.Length; tries++)
        {
            var place = (int)(group.Turn++ % (uint)members.Length);
            var member = members[place];
            if (!HasRoom(member) || !TopicActor.Accepts(member, batch)) continue;
            member.Picked++;
            (_deliveries[place] ??= batch.NextDelivery(member)).Take(index);
            return true;
        }

        return false;
    }
}
