using System.Diagnostics.CodeAnalysis;

namespace Bus.Actors.TestKit;

/// <summary>Waits for tasks in the TestKit's blocking members, which a test calls on its own thread: no actor and no synchronisation context needs it.</summary>
internal static class Blocking
{
    [SuppressMessage("Usage", "VSTHRD002", Justification = "The caller is a test that wants to block")]
    public static T Result<T>(Task<T> task) => task.GetAwaiter().GetResult();

    [SuppressMessage("Usage", "VSTHRD002", Justification = "The caller is a test that wants to block")]
    public static bool Wait(Task task, TimeSpan max) => task.Wait(max);
}
