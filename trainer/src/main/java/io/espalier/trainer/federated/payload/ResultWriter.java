package io.espalier.trainer.federated.payload;

import static io.espalier.trainer.federated.payload.ResultFormat.HEAD;
import static io.espalier.trainer.federated.payload.ResultFormat.format;
import static io.espalier.trainer.federated.payload.ResultFormat.holds;
import static io.espalier.trainer.federated.payload.ResultFormat.little;

import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.ErrorFeedback;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.NormEntries;
import io.espalier.trainer.federated.ProposalCount;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.state.StateLayout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
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
 * The body of norms is a {@link NormsPayload}; that of losses one F64 per candidate. That of a
 * training is the number of steps (U64), the mean loss (F64), for each entry of the layout the
 * changes of the units that the client holds, in ascending order (trained entries in the format,
 * norm statistics as F32), and for each parameter that was asked for the number of proposed units
 * (U32), their flat indices (U32, ascending) and their gradients (F32).
 */
public final class ResultWriter {
  private final List<StateLayout.Entry> entries;
  private final NormsPayload norms;

  public ResultWriter(StateLayout layout) {
    this.entries = layout.entries();
    this.norms = new NormsPayload(new NormEntries(layout));
  }

  /**
   * An encoded result.
   *
   * @param owed rounding errors, one for each entry of the layout; added to the client's next update once this one is accepted
   */
  public record Encoded(ByteBuffer bytes, List<ErrorFeedback> owed) {
    public Encoded {
      owed = List.copyOf(owed);
    }
  }

  /** No rounding error for any entry. */
  public List<ErrorFeedback> nothingOwed() {
    return entries.stream().map(entry -> ErrorFeedback.none(entry.size())).toList();
  }

  public long largest(RoundWork work, MaskSet holds, ValueFormat format, int candidates) {
    return switch (work.kind()) {
      case MEASURE_NORMS -> HEAD + norms.bytes(candidates);
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

  /** Encodes a result. */
  public Encoded encode(
      ClientResult result, MaskSet holds, ValueFormat format, List<ErrorFeedback> owed) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (result instanceof ClientResult.NormsMeasured measured) {
      out.writeBytes(head(RoundWork.Kind.MEASURE_NORMS, ValueFormat.FP32, result));
      out.writeBytes(norms.encode(measured.norms()));
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
            head.putInt(ResultFormat.MAGIC)
                .put((byte) ResultFormat.kind(kind))
                .put((byte) ResultFormat.number(format))
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
}
