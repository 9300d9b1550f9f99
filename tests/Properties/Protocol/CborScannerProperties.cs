using System.Formats.Cbor;
using FsCheck.Xunit;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Xunit;

namespace Trainyard.Properties.Protocol;

/// <summary>Our reading of CBOR against the platform's, which throws and takes more.</summary>
public class CborScannerProperties
{
    [Property(MaxTest = 5000)]
    public void What_is_stepped_over_is_what_the_platform_reads(byte[] bytes)
    {
        // As the value of an unknown key the bytes are stepped over, whatever they are.
        byte[] body = [0xa1, 0x18, 0x40, .. bytes];
        var accepted = MessageCodec.Decode(TrainKind.Status, body, Side.Client).IsRight;
        Assert.True(!accepted || Reads(body, CborConformanceMode.Lax), Convert.ToHexString(bytes));
        Assert.True(accepted || !Reads(body, CborConformanceMode.Canonical), Convert.ToHexString(bytes));
    }

    [Fact]
    public void Every_initial_byte_is_read_as_the_platform_reads_it()
    {
        foreach (var tail in new byte[][] { [], [0], [23], [24], [31], [32], [255], [1, 0], [0, 0, 0, 0], [255, 255, 255, 255], [1, 2, 3, 4, 5, 6, 7, 8], [0xc3, 0xa9] })
            for (var initial = 0; initial < 256; initial++)
                What_is_stepped_over_is_what_the_platform_reads([(byte)initial, .. tail]);
    }

    private static bool Reads(byte[] body, CborConformanceMode mode)
    {
        try
        {
            var reader = new CborReader(body, mode);
            reader.SkipValue();
            return reader.BytesRemaining == 0;
        }
        catch (Exception error) when (error is CborContentException or InvalidOperationException)
        {
            return false;
        }
    }
}
