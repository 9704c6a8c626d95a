#nullable disable

namespace Bus.Actors.TestKit;

/// <summary>A filter that mutes until it is unmuted or disposed.</summary>
public interface IUnmutableFilter : IDisposable
{
    /// <summary>Ends muting.</summary>
    void Unmute();
}
