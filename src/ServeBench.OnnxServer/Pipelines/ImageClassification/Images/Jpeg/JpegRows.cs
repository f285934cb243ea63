namespace ServeBench.OnnxServer.Pipelines.ImageClassification.Images.Jpeg;

/// <summary>Hands out rows of pixels as soon as the samples that they need are there.</summary>
internal sealed class JpegRows
{
    private readonly Upsampler[] _upsamplers = [new(), new(), new(), new()];
    private JpegFile _file = null!;
    private IPixelRows _into = null!;
    private int _next;

    /// <summary>Rows of a unit that have to wait for the unit below.</summary>
    private int _waiting;

    /// <summary>True when every wanted row has been handed out.</summary>
    public bool IsDone => _next >= _into.Wanted.Bottom;

    private int UnitHeight => _file.MostDown * JpegComponent.Block;

    /// <summary>Begins with an image; its components learn which of their blocks are needed.</summary>
    public void Begin(JpegFile file, IPixelRows into)
    {
        (_file, _into, _next, _waiting) = (file, into, into.Wanted.Top, 0);
        for (var i = 0; i < file.Components.Length; i++)
        {
            _upsamplers[i].Begin(file.Components[i], file, into.Wanted);
            if (_upsamplers[i].NeedsNeighbours) _waiting = 2;
        }
    }

    /// <summary>Whether samples of a row of units are needed.</summary>
    public bool Needs(int unitRow) =>
        unitRow * UnitHeight < _into.Wanted.Bottom + _waiting && (unitRow + 1) * UnitHeight > _into.Wanted.Top - _waiting;

    /// <summary>Takes note that a row of units has its samples.</summary>
    public void Emit(int unitRow)
    {
        var isLast = unitRow == _file.UnitsDown - 1;
        var end = Math.Min(isLast ? _file.Size.Height : ((unitRow + 1) * UnitHeight) - _waiting, _into.Wanted.Bottom);
        for (; _next < end; _next++)
        {
            Write(_next);
            _into.Commit(_next);
        }
    }

    private void Write(int y)
    {
        var width = _into.Wanted.Width;
        var first = _upsamplers[0].Row(y);
        if (_file.Components.Length == 1)
        {
            ColourConversion.FromGrey(first, _into.Room, width);
            return;
        }
        var second = _upsamplers[1].Row(y);
        var third = _upsamplers[2].Row(y);
        if (_file.Components.Length == 4) WriteInks(first, second, third, _upsamplers[3].Row(y), width);
        else if (_file.IsRgb) ColourConversion.FromRgb(first, second, third, _into.Room, width);
        else ColourConversion.FromYcc(first, second, third, _into.Room, width);
    }

    private void WriteInks(
        ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> third, ReadOnlySpan<byte> black, int width)
    {
        if (!_file.IsYcck)
        {
            ColourConversion.FromInks(first, second, third, black, _into.Room, width, _file.IsInverted);
            return;
        }
        ColourConversion.FromYcc(first, second, third, _into.Room, width);
        ColourConversion.WithBlack(black, _into.Room, width);
    }
}
