package io.espalier.trainer.federated.payload;

import static io.espalier.trainer.federated.payload.ResultFormat.format;
import static io.espalier.trainer.federated.payload.ResultFormat.holds;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.masks.federated.ValueFormat.DamagedUpdateException;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.NormEntries;
import io.espalier.trainer.federated.ProposalCount;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.payload.MalformedPayloadException.Reason;
import io.espalier.trainer.state.StateLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Reads what a {@link ResultWriter} wrote, or what somebody else sent in its place. */
public final class ResultReader {
  private final List<StateLayout.Entry> entries;
  private final NormsPayload norms;

  /** Results of a network; the layout is that of values alone. */
  public ResultReader(StateLayout layout) {
    this.entries = layout.entries();
    this.norms = new NormsPayload(new NormEntries(layout));
  }

  /**
   * A result that a server received.
   *
   * @param holds the masks that the client works under
   * @param candidates that the work measures
   * @throws MalformedPayloadException if it is not the result of that work
   */
  public ClientResult read(
      ByteBuffer bytes, RoundWork work, MaskSet holds, ValueFormat format, int candidates) {
    ByteBuffer source = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    try {
      ClientResult result = body(source, work, holds, format, candidates);
      MalformedPayloadException.require(
          !source.hasRemaining(),
          Reason.WRONG_COUNT,
          () -> "nothing may follow a result: bytes=" + source.remaining());
      return result;
    } catch (BufferUnderflowException e) {
      throw new MalformedPayloadException(
          Reason.WRONG_COUNT, "a result must not end early: bytes=" + bytes.remaining());
    } catch (DamagedUpdateException e) {
      throw new MalformedPayloadException(reason(e.fault()), String.valueOf(e.getMessage()));
    }
  }

  private ClientResult body(
      ByteBuffer source, RoundWork work, MaskSet holds, ValueFormat format, int candidates) {
    int examples = readHead(source, work, format);
    return switch (work.kind()) {
      case MEASURE_NORMS ->
          new ClientResult.NormsMeasured(
              examples, norms.decode(take(source, norms.bytes(candidates)), candidates));
      case MEASURE_LOSSES ->
          new ClientResult.LossesMeasured(
              examples,
              IntStream.range(0, candidates)
                  .mapToObj(i -> finite("a loss", source.getDouble()))
                  .toList());
      case TRAIN, TRAIN_AND_PROPOSE -> {
        long steps = source.getLong();
        double loss = finite("a loss", source.getDouble());
        MalformedPayloadException.require(
            steps >= 1, Reason.MALFORMED, () -> "steps must be 1 or more: steps=" + steps);
        List<float[]> changes = new ArrayList<>();
        for (StateLayout.Entry entry : entries) {
          changes.add(change(source, holds(entry, holds), format(entry, format)));
        }
        List<GradientProposal> proposals = new ArrayList<>();
        for (ProposalCount asked : work.proposals()) {
          proposals.add(proposal(source, asked, holds.masks().get(asked.parameter())));
        }
        yield new ClientResult.Trained(examples, steps, loss, changes, proposals);
      }
    };
  }

  private static int readHead(ByteBuffer source, RoundWork work, ValueFormat format) {
    int magic = source.getInt();
    int kind = source.get();
    int found = source.get();
    source.getShort();
    int examples = source.getInt();
    MalformedPayloadException.require(
        magic == ResultFormat.MAGIC
            && kind == ResultFormat.kind(work.kind())
            && found == ResultFormat.number(work.kind().trains() ? format : ValueFormat.FP32),
        Reason.MALFORMED,
        () ->
            "a result must begin with its mark, kind and format: mark=%08x, kind=%d, format=%d"
                .formatted(magic, kind, found));
    MalformedPayloadException.require(
        examples >= 1, Reason.MALFORMED, () -> "examples must be 1 or more: examples=" + examples);
    return examples;
  }

  private static float[] change(ByteBuffer source, Mask holds, ValueFormat format) {
    long length = format.length(holds.kept());
    MalformedPayloadException.require(
        length <= source.remaining(),
        Reason.WRONG_COUNT,
        () ->
            "a result must have a change for each unit held: bytes=%d, expected=%d"
                .formatted(source.remaining(), length));
    float[] packed = format.decode(source.slice(source.position(), (int) length), holds.kept());
    source.position(source.position() + (int) length);
    float[] change = new float[holds.size()];
    for (int i = 0, unit = holds.nextKept(0); unit >= 0; unit = holds.nextKept(unit + 1)) {
      change[unit] = packed[i++];
    }
    return change;
  }

  private static GradientProposal proposal(ByteBuffer source, ProposalCount asked, Mask holds) {
    int count = source.getInt();
    MalformedPayloadException.require(
        count >= 0 && count <= asked.count(),
        Reason.WRONG_COUNT,
        () ->
            "proposals must not be more than asked for: count=%d, asked=%d"
                .formatted(count, asked.count()));
    int[] units = new int[count];
    float[] gradients = new float[count];
    for (int i = 0; i < count; i++) {
      units[i] = source.getInt();
    }
    for (int i = 0; i < count; i++) {
      gradients[i] = (float) finite("a gradient", source.getFloat());
    }
    int last = count == 0 ? -1 : units[count - 1];
    MalformedPayloadException.require(
        last < holds.size(),
        Reason.MALFORMED,
        () ->
            "proposed units must be of the parameter: unit=%d, units=%d"
                .formatted(last, holds.size()));
    try {
      return GradientProposal.of(units, gradients);
    } catch (IllegalArgumentException e) {
      throw new MalformedPayloadException(Reason.MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private static double finite(String what, double value) {
    MalformedPayloadException.require(
        Double.isFinite(value), Reason.NOT_FINITE, () -> what + " must be finite: value=" + value);
    return value;
  }

  private static byte[] take(ByteBuffer source, int count) {
    byte[] bytes = new byte[count];
    source.get(bytes);
    return bytes;
  }

  private static Reason reason(DamagedUpdateException.Fault fault) {
    return switch (fault) {
      case LENGTH -> Reason.WRONG_COUNT;
      case NOT_FINITE -> Reason.NOT_FINITE;
      case MALFORMED -> Reason.MALFORMED;
    };
  }
}
