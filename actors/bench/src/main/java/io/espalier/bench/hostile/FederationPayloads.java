package io.espalier.bench.hostile;

import io.espalier.bench.harness.Mutation;
import io.espalier.configs.file.EspalierHome;
import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.data.source.DataHome;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.MalformedPayloadException;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundPayload;
import io.espalier.trainer.federated.RoundWork;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Results of each kind and format as devices send them, and what a server sends to devices: valid
 * ones of a small federation, and their decoders.
 */
final class FederationPayloads {
  private static final int CANDIDATES = 3;
  private static final int EXAMPLES = 9;

  private final StateLayout layout;
  private final MaskSet dense;
  private final MaskSet holds;
  private final List<Payload> all = new ArrayList<>();

  /** Bytes that are read, and what reads them. */
  private record Payload(List<byte[]> valid, Consumer<byte[]> decoder) {}

  private FederationPayloads(PreparedRun run) {
    layout = run.stateLayout();
    dense = MaskSet.dense(run.layout(), run.prunableIds());
    holds = masks(1, 3);
  }

  static FederationPayloads ofDigits() {
    PreparedFederation federation =
        PreparedFederation.of(
            new RecipeLoader().load("fed-digits", List.of()).config(),
            DataHome.of(EspalierHome.path()));
    FederationPayloads payloads = new FederationPayloads(federation.values());
    for (RoundWork.Kind kind : RoundWork.Kind.values()) {
      for (ValueFormat format : ValueFormat.values()) {
        payloads.addResult(kind, format);
      }
    }
    payloads.addOfServer();
    payloads.all.forEach(payload -> payload.valid().forEach(payload.decoder()));
    return payloads;
  }

  /** Decodes a changed payload; the kinds take turns. */
  HostileWorker.Answer attack(long number, Mutation mutation) {
    Payload payload = all.get((int) (number % all.size()));
    byte[] bytes = mutation.next(payload.valid());
    try {
      payload.decoder().accept(bytes);
      return new HostileWorker.Answer(0, false, 0, "");
    } catch (MalformedPayloadException | DamagedMaskException e) {
      return new HostileWorker.Answer(2, false, 0, oneLine(e));
    } catch (RuntimeException | OutOfMemoryError e) {
      return new HostileWorker.Answer(1, true, 0, oneLine(e));
    }
  }

  private static String oneLine(Throwable thrown) {
    return thrown.toString().replaceAll("\\p{Cntrl}", " ");
  }

  private void addResult(RoundWork.Kind kind, ValueFormat format) {
    ResultCodec codec = new ResultCodec(layout);
    boolean proposes = kind == RoundWork.Kind.TRAIN_AND_PROPOSE;
    RoundWork work =
        new RoundWork("1", kind, 0, .1, proposes ? List.of(new ProposalCount(0, 5)) : List.of());
    ByteBuffer encoded = codec.encode(result(kind), holds, format, codec.nothingOwed()).bytes();
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    add(changed -> codec.decode(ByteBuffer.wrap(changed), work, holds, format, CANDIDATES), bytes);
  }

  private void addOfServer() {
    RoundPayload payload = new RoundPayload(layout);
    add(
        bytes -> payload.decodeValues(bytes, holds),
        payload.encodeValues(new TrainingState(layout), holds));
    add(bytes -> payload.decodeNorms(bytes, CANDIDATES), payload.encodeNorms(statistics()));
    add(
        bytes -> RoundPayload.decodeCandidates(bytes, dense.layout(), dense.parameters()),
        RoundPayload.encodeCandidates(List.of(masks(1, 3), masks(1, 4))));
    add(bytes -> MaskCodec.decode(bytes, dense), MaskCodec.encodeFull(holds));
    add(bytes -> MaskCodec.decodeDelta(bytes, dense), MaskCodec.encodeDelta(dense, holds));
  }

  private void add(Consumer<byte[]> decoder, byte[] valid) {
    all.add(new Payload(List.of(valid), decoder));
  }

  private ClientResult result(RoundWork.Kind kind) {
    return switch (kind) {
      case MEASURE_NORMS -> new ClientResult.NormsMeasured(EXAMPLES, statistics());
      case MEASURE_LOSSES -> new ClientResult.LossesMeasured(EXAMPLES, List.of(.1, .2, .3));
      case TRAIN -> trained(List.of());
      case TRAIN_AND_PROPOSE ->
          trained(List.of(GradientProposal.of(new int[] {1, 2, 4}, new float[] {3, -2, 1})));
    };
  }

  private ClientResult trained(List<GradientProposal> proposals) {
    List<float[]> changes =
        layout.entries().stream().map(entry -> filled(entry.size(), .01f)).toList();
    return new ClientResult.Trained(EXAMPLES, 2, .5, changes, proposals);
  }

  private List<List<float[]>> statistics() {
    List<float[]> candidate =
        layout.entries().stream()
            .filter(entry -> !entry.role().isTrained())
            .map(entry -> filled(entry.size(), 1))
            .toList();
    return List.of(candidate, candidate, candidate);
  }

  private static float[] filled(int size, float value) {
    float[] values = new float[size];
    Arrays.fill(values, value);
    return values;
  }

  /** Masks that keep each unit whose index is a multiple. */
  private MaskSet masks(int version, int step) {
    return MaskSet.of(
        new MaskVersion(version),
        dense.layout(),
        dense.parameters(),
        dense.masks().stream()
            .map(mask -> Mask.of(mask.size(), unit -> unit % step == 0))
            .toList());
  }
}
