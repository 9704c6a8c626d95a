using System.Text.Json;
using Pomodoro.Model;

namespace Pomodoro.Server;

/// <summary>
/// The file with everything in it. It is written beside its place and then put there in one step, so whenever the server is killed there is the state before or the state after, whole.
/// Each change writes all of it: fine for the work of years, not for more.
/// </summary>
internal sealed class StateFile(string path)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    private string Draft => Path + ".new";

    /// <exception cref="InvalidDataException">Somebody else has written it, or it is damaged.</exception>
    public PomodoroState Load()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        if (!File.Exists(Path)) return new PomodoroState();
        try
        {
            using var stream = File.OpenRead(Path);
            return JsonSerializer.Deserialize<PomodoroState>(stream, Json) ?? throw new InvalidDataException($"{Path} is empty: mend it, or move it away and begin anew.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Path} cannot be read: {e.Message} Mend it, or move it away and begin anew.", e);
        }
    }

    /// <summary>When this returns, the state survives the death of the server.</summary>
    public void Save(PomodoroState state)
    {
        using (var stream = File.Create(Draft))
        {
            JsonSerializer.Serialize(stream, state, Json);
            stream.Flush(flushToDisk: true);
        }

        File.Move(Draft, Path, overwrite: true);
    }
}
