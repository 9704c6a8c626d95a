using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>
/// The subscribers of one filter as they come and go, each of which knows its place. Without a list as long as there is one: of 100,000 filters nearly all have one,
/// and a list takes 88 bytes. Single-threaded.
/// </summary>
internal struct MemberList
{
    // Null, the only member, or a list.
    private object? _content;

    public void Add(Subscriber subscriber)
    {
        subscriber.Slot = Span.Length;
        if (_content is null)
        {
            _content = subscriber;
            return;
        }

        if (_content is not List<Subscriber> list) _content = list = [(Subscriber)_content];
        list.Add(subscriber);
    }

    /// <summary>Swaps the last one into the place of the one that leaves: order means nothing here, and 100,000 may leave at once.</summary>
    public bool Remove(Subscriber subscriber)
    {
        var slot = subscriber.Slot;
        var members = Span;
        if (slot < 0 || slot >= members.Length || !ReferenceEquals(members[slot], subscriber)) return false;
        if (_content is List<Subscriber> list)
        {
            var last = list[^1];
            list[slot] = last;
            last.Slot = slot;
            list.RemoveAt(list.Count - 1);
        }
        else
        {
            _content = null;
        }

        subscriber.Slot = -1;
        return true;
    }

    /// <summary>The members now.</summary>
    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    public readonly ReadOnlySpan<Subscriber> Span => _content switch
    {
        null => [],
        List<Subscriber> list => CollectionsMarshal.AsSpan(list),
        _ => MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<object, Subscriber>(ref Unsafe.AsRef(in _content)!), 1),
    };
}
