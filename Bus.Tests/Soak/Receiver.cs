using System.Globalization;
using Bus.Core.Client;
using Bus.Tests.Client;

namespace Bus.Tests.Soak;

/// <summary>One or more subscriptions of this process that together get each message once: a single one, or the members of a queue group.</summary>
/// <param name="ledger">What was published.</param>
/// <param name="name">For reports.</param>
/// <param name="topic">The topic; null: all.</param>
internal sealed class Receiver(Ledger ledger, string name, int? topic)
{
    private readonly List<Member> _members = [];
    private int _since;

    /// <summary>Subscribes. From then on all that is confirmed has to arrive, unless the connections may break.</summary>
    public async Task OpenAsync(IReadOnlyList<IBus> buses, string? queue = null)
    {
        foreach (var bus in buses)
        {
            var member = new Member(bus);
            member.Subscription = await bus.OpenSubscriptionAsync<int>($"soak.{topic?.ToString(CultureInfo.InvariantCulture) ?? "*"}.*", member.Handle, new SubscriptionOptions { Queue = queue, StallTimeout = TimeSpan.FromMinutes(5) }).Guard();
            _members.Add(member);
        }

        _since = ledger.Now();
    }

    /// <summary>Unsubscribes, and checks what arrived.</summary>
    /// <param name="isStable">Whether its connections were up all the time, so that all that was confirmed has to be there.</param>
    public async Task CloseAsync(bool isStable = true)
    {
        var until = isStable ? ledger.Now() : 0;
        foreach (var member in _members)
        {
            // What was handed to the connection before this is in the client behind it.
            if (isStable) await member.Bus.FlushAsync().Guard();
            await member.Subscription.DrainAsync().Guard();
            if (isStable && member.Subscription.Dropped > 0) ledger.Fault($"{name} dropped {member.Subscription.Dropped} messages.");
            await member.Subscription.DisposeAsync();
        }

        foreach (var account in ledger.Accounts)
        {
            var arrived = _members.Select(member => member.Arrived.GetValueOrDefault(account.Publisher) ?? []).ToList();
            // The members of a group are in order each, and not with each other.
            if (_members.Count == 1) account.Check(name, arrived[0], topic, _since, until);
            else account.Check(name, [.. arrived.SelectMany(numbers => numbers).Order()], topic, _since, until);
        }
    }

    private sealed class Member(IBus bus)
    {
        public IBus Bus => bus;

        public ISubscription Subscription { get; set; } = null!;

        /// <summary>By publisher. Filled by one handler, read when that has ended.</summary>
        public Dictionary<int, List<int>> Arrived { get; } = [];

        public ValueTask Handle(BusMessage<int> message, CancellationToken cancellationToken)
        {
            var publisher = int.Parse(message.Topic.AsSpan(message.Topic.LastIndexOf('.') + 1), CultureInfo.InvariantCulture);
            if (!Arrived.TryGetValue(publisher, out var numbers)) Arrived.Add(publisher, numbers = []);
            numbers.Add(message.Data);
            return default;
        }
    }
}
