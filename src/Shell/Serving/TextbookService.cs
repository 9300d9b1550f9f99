using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving;

/// <summary>The textbook's service: one file to everybody who connects, or the echo.</summary>
internal sealed class TextbookService : IJournalledService
{
    /// <summary>The name under which a worker knows this service.</summary>
    public const string Name = "textbook";

    private readonly TextbookSettings _settings;
    private readonly FileName? _name;
    private readonly SendBuffer _buffer = new();

    private TextbookService(TextbookSettings settings, FileName? name)
    {
        _settings = settings;
        _name = name;
    }

    /// <summary>The service that <paramref name="settings"/> ask for; <c>null</c> where they are not understood.</summary>
    public static TextbookService? Create(Settings settings)
    {
        if (TextbookSettings.Decode(settings) is not { } decoded)
            return null;
        if (decoded.Dialect == Dialect.Echo)
            return new(decoded, null);
        return FileNames.OfPath(decoded.Path).MatchUnsafe<TextbookService?>(Right: name => new(decoded, name), Left: _ => null);
    }

    /// <inheritdoc/>
    public IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now) =>
        _name is null
            ? new EchoDriver(socket, journal, _settings.NoProgressLimit, now)
            : new SenderDriver(socket, _settings, _name, NewSender(), journal, now);

    private IFileSender NewSender() =>
        _settings.Send switch
        {
            SendStrategy.Mmap => new MmapSender(),
            SendStrategy.Sendfile => new SendfileSender(),
            SendStrategy.Splice => new SpliceSender(),
            _ => new CopySender(_buffer),
        };
}
