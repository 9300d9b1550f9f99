using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving.Native;
using Trainyard.Shell.Worker;

namespace Trainyard.Misbehaver;

/// <summary>The service of <see cref="SpinningDriver"/>.</summary>
internal sealed class SpinningService(IJournalledService files) : IJournalledService
{
    public static SpinningService? Create(ReadOnlyMemory<byte> settings) =>
        NativeService.Create(new Settings(settings.Span)) is { } files ? new(files) : null;

    public static ReadOnlyMemory<byte> Encode(string root) => new NativeSettings(root, ReadOnly: true, SessionTimeouts.Default).Encode().Bytes;

    public IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now) =>
        new SpinningDriver(files.Open(socket, journal, wake, now), socket);
}
