package io.espalier.trainer.federated;

import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.masks.federated.ValueFormat.DamagedUpdateException;
import io.espalier.trainer.federated.MalformedPayloadException.Reason;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.state.StateLayout;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A client's result as bytes, little-endian:
 *
 * <pre>
 *  0        4      5      6           8            12
 * +--------+------+------+-----------+------------+------ ...
 * | "ESPR" | kind |format| 0, 0      |  examples  |  body
 * +--------+------+------+-----------+------------+------ ...
 * </pre>
 *
 * The body of norms is a {@link RoundPayload}; that of losses one F64 per candidate. That of a
 * training is the number of steps (U64), the mean loss (F64), for each entry of the layout the
 * changes of the units that the client holds, in ascending order (trained entries in the format,
 * norm statistics as F32), and for each parameter that was asked for the number of proposed units
 * (U32), their flat indices (U32, ascending) and their gradients (F32).
 */
public final class ResultCodec {
  private static final int MAGIC = 'E' | 'S' << 8 | 'P' << 16 | 'R' << 24;
  private static final int HEAD = 12;

  private final List<StateLayout.Entry> entries;
  private final RoundPayload norms;

  public ResultCodec(StateLayout layout) {
    this.entries = layout.entries();
    this.norms = new RoundPayload(layout);
  }

  /** An encoded result, and the rounding errors to add to the client's next update. */
  public record Encoded(ByteBuffer bytes, List<ErrorFeedback> owed) {
    public Encoded {
      owed = List.copyOf(owed);
    }
  }

  public List<ErrorFeedback> nothingOwed() {
    return entries.stream().map(entry -> ErrorFeedback.none(entry.size())).toList();
  }

  public long largest(RoundWork work, MaskSet holds, ValueFormat format, int candidates) {
    return switch (work.kind()) {
      case MEASURE_NORMS -> HEAD + norms.normsBytes(candidates);
      case MEASURE_LOSSES -> HEAD + (long) Double.BYTES * candidates;
      case TRAIN, TRAIN_AND_PROPOSE -> {
        long bytes = HEAD + Long.BYTES + Double.BYTES;
        for (StateLayout.Entry entry : entries) {
          bytes += format(entry, format).length(holds(entry, holds).kept());
        }
        for (ProposalCount each : work.proposals()) {
          bytes += Integer.BYTES + (long) each.count() * (Integer.BYTES + Float.BYTES);
        }
        yield bytes;
      }
    };
  }

  public Encoded encode(
      ClientResult result, MaskSet holds, ValueFormat format, List<ErrorFeedback> owed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (result instanceof ClientResult.NormsMeasured measured) {
      out.writeBytes(head(RoundWork.Kind.MEASURE_NORMS, ValueFormat.FP32, result));
      out.writeBytes(norms.encodeNorms(measured.norms()));
      return new Encoded(ByteBuffer.wrap(out.toByteArray()), owed);
    }
    if (result instanceof ClientResult.LossesMeasured measured) {
      out.writeBytes(head(RoundWork.Kind.MEASURE_LOSSES, ValueFormat.FP32, result));
      out.writeBytes(
          little(
              Double.BYTES * measured.losses().size(),
              body -> measured.losses().forEach(body::putDouble)));
      return new Encoded(ByteBuffer.wrap(out.toByteArray()), owed);
    }
    ClientResult.Trained trained = (ClientResult.Trained) result;
    out.writeBytes(head(RoundWork.Kind.TRAIN, format, result));
    out.writeBytes(
        little(
            Long.BYTES + Double.BYTES,
            body -> body.putLong(trained.steps()).putDouble(trained.loss())));
    List<ErrorFeedback> rest = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      StateLayout.Entry entry = entries.get(i);
      ErrorFeedback.Sent sent =
          owed.get(i).send(trained.changes().get(i), holds(entry, holds), format(entry, format));
      byte[] bytes = new byte[sent.bytes().remaining()];
      sent.bytes().get(bytes);
      out.writeBytes(bytes);
      rest.add(sent.rest());
    }
    trained.proposals().forEach(proposal -> out.writeBytes(bytes(proposal)));
    return new Encoded(ByteBuffer.wrap(out.toByteArray()), rest);
  }

  private static byte[] head(RoundWork.Kind kind, ValueFormat format, ClientResult result) {
    return little(
        HEAD,
        head ->
            head.putInt(MAGIC)
                .put((byte) kind(kind))
                .put((byte) number(format))
                .putShort((short) 0)
                .putInt(result.examples()));
  }

  private static byte[] bytes(GradientProposal proposal) {
    int count = proposal.size();
    return little(
        Integer.BYTES + count * (Integer.BYTES + Float.BYTES),
        target -> {
          target.putInt(count);
          IntStream.range(0, count).map(proposal::unit).forEach(target::putInt);
          IntStream.range(0, count).forEach(i -> target.putFloat(proposal.gradient(i)));
        });
  }

  /** Decodes an untrusted result; throws {@link MalformedPayloadException}. */
  public ClientResult decode(
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
              examples, norms.decodeNorms(take(source, norms.normsBytes(candidates)), candidates));
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
        magic == MAGIC
            && kind == kind(work.kind())
            && found == number(work.kind().trains() ? format : ValueFormat.FP32),
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

  private static int kind(RoundWork.Kind kind) {
    return switch (kind) {
      case MEASURE_NORMS -> 1;
      case MEASURE_LOSSES -> 2;
      case TRAIN, TRAIN_AND_PROPOSE -> 3;
    };
  }

  private static int number(ValueFormat format) {
    return switch (format) {
      case FP32 -> 1;
      case FP16 -> 2;
      case INT8 -> 3;
    };
  }

  private static Mask holds(StateLayout.Entry entry, MaskSet holds) {
    return entry
        .mask()
        .map(index -> holds.masks().get(index))
        .orElseGet(() -> Mask.allKept(entry.size()));
  }

  /** Norm statistics are few and not rounded. */
  private static ValueFormat format(StateLayout.Entry entry, ValueFormat format) {
    return entry.role().isTrained() ? format : ValueFormat.FP32;
  }

  private static byte[] little(int count, Consumer<ByteBuffer> fill) {
    byte[] bytes = new byte[count];
    fill.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return bytes;
  }
}
