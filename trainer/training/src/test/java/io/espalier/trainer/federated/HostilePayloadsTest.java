package io.espalier.trainer.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.espalier.masks.Layout;
import io.espalier.masks.Mask;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.ParameterId;
import io.espalier.masks.ParameterShape;
import io.espalier.masks.codec.DamagedMaskException;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.masks.federated.GradientProposal;
import io.espalier.masks.federated.ValueFormat;
import io.espalier.trainer.federated.RoundWork.ProposalCount;
import io.espalier.trainer.network.ParameterSpec;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever bytes come in place of a payload: it is read or refused, and takes little memory. */
final class HostilePayloadsTest {
  private static final long SEED = 31;
  private static final int ATTACKS = 4000;
  private static final int CANDIDATES = 3;
  private static final long MOST_ALLOCATED = 1 << 20;

  private static final ParameterShape WEIGHT =
      new ParameterShape(new ParameterId("weight"), List.of(8, 9));
  private static final ParameterShape MEAN =
      new ParameterShape(new ParameterId("mean"), List.of(8));
  private static final ParameterShape VARIANCE =
      new ParameterShape(new ParameterId("variance"), List.of(8));
  private static final List<ParameterId> PRUNABLE = List.of(WEIGHT.id());
  private static final Layout LAYOUT = Layout.dense(List.of(WEIGHT, MEAN, VARIANCE));
  private static final StateLayout VALUES =
      StateLayout.of(
          List.of(
              new ParameterSpec(WEIGHT, Role.WEIGHT, 1, 1, 0),
              new ParameterSpec(MEAN, Role.RUNNING_MEAN, 1, 1, 0),
              new ParameterSpec(VARIANCE, Role.RUNNING_VARIANCE, 1, 1, 0)),
          PRUNABLE,
          0);

  private final MaskSet dense = MaskSet.dense(LAYOUT, PRUNABLE);
  private final MaskSet holds = masks(1, 3);

  /** Reads a payload, or refuses it. */
  private interface Decoder {
    void decode(byte[] bytes);
  }

  @ParameterizedTest
  @EnumSource
  void result_ofAnyBytes_isReadOrRefused(RoundWork.Kind kind) {
    for (ValueFormat format : ValueFormat.values()) {
      // Given
      RoundWork work = work(kind);
      ResultCodec codec = new ResultCodec(VALUES);
      ByteBuffer encoded = codec.encode(result(kind), holds, format, codec.nothingOwed()).bytes();
      byte[] valid = new byte[encoded.remaining()];
      encoded.get(valid);

      // When
      int refused =
          attack(
              valid,
              bytes -> codec.decode(ByteBuffer.wrap(bytes), work, holds, format, CANDIDATES));

      // Then
      assertThat(refused).isBetween(1, ATTACKS - 1);
    }
  }

  @Test
  void candidates_ofAnyBytes_areReadOrRefused() {
    // Given
    byte[] valid = RoundPayload.encodeCandidates(List.of(masks(1, 3), masks(1, 4)));

    // When
    int refused = attack(valid, bytes -> RoundPayload.decodeCandidates(bytes, LAYOUT, PRUNABLE));

    // Then
    assertThat(refused).isPositive();
  }

  @Test
  void norms_ofAnyBytes_areReadOrRefused() {
    // Given
    RoundPayload norms = new RoundPayload(VALUES);
    byte[] valid = norms.encodeNorms(statistics());

    // When
    int refused = attack(valid, bytes -> norms.decodeNorms(bytes, CANDIDATES));

    // Then
    assertThat(refused).isPositive();
  }

  @Test
  void values_ofAnyBytes_areReadOrRefused() {
    // Given
    RoundPayload values = new RoundPayload(VALUES);
    byte[] valid = values.encodeValues(new TrainingState(VALUES), holds);

    // When
    int refused = attack(valid, bytes -> values.decodeValues(bytes, holds));

    // Then
    assertThat(refused).isPositive();
  }

  @Test
  void masks_ofAnyBytes_areReadOrRefused() {
    // Given
    byte[] full = MaskCodec.encodeFull(holds);
    byte[] delta = MaskCodec.encodeDelta(dense, holds);

    // When
    int refused =
        attack(full, bytes -> MaskCodec.decode(bytes, dense))
            + attack(delta, bytes -> MaskCodec.decodeDelta(bytes, dense));

    // Then
    assertThat(refused).isPositive();
  }

  /** Decodes mutations, and counts those that are refused in one of the two ways that may be. */
  private static int attack(byte[] valid, Decoder decoder) {
    decoder.decode(valid);
    int refused = 0;
    for (int n = 0; n < ATTACKS; n++) {
      byte[] bytes = mutated(valid, random(n));
      long before = allocated();
      try {
        decoder.decode(bytes);
      } catch (MalformedPayloadException | DamagedMaskException e) {
        refused++;
      } catch (RuntimeException | Error e) {
        fail("seed=%d, attack=%d must be read or refused".formatted(SEED, n), e);
      }
      assertThat(allocated() - before).as("attack %d", n).isLessThan(MOST_ALLOCATED);
    }
    return refused;
  }

  private static byte[] mutated(byte[] valid, SplittableRandom random) {
    byte[] bytes = valid.clone();
    switch (random.nextInt(5)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
      case 1 -> random.nextBytes(bytes);
      case 2 -> ByteBuffer.wrap(bytes).putInt(random.nextInt(bytes.length - 3), extreme(random));
      default -> {
        for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
          bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
      }
    }
    return bytes;
  }

  private static int extreme(SplittableRandom random) {
    int[] values = {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE, 0x0000C07F, 0x000080FF};
    return values[random.nextInt(values.length)];
  }

  /** Attacks of neighbouring seeds have nothing in common. */
  private static SplittableRandom random(int attack) {
    return new SplittableRandom(new SplittableRandom(SEED).nextLong() + attack).split();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private static RoundWork work(RoundWork.Kind kind) {
    return new RoundWork(
        "1",
        kind,
        0,
        .1,
        kind == RoundWork.Kind.TRAIN_AND_PROPOSE ? List.of(new ProposalCount(0, 5)) : List.of());
  }

  private ClientResult result(RoundWork.Kind kind) {
    List<float[]> changes =
        VALUES.entries().stream()
            .map(
                entry -> {
                  float[] change = new float[entry.size()];
                  Arrays.fill(change, .01f);
                  return change;
                })
            .toList();
    return switch (kind) {
      case MEASURE_NORMS -> new ClientResult.NormsMeasured(9, statistics());
      case MEASURE_LOSSES -> new ClientResult.LossesMeasured(9, List.of(.1, .2, .3));
      case TRAIN -> new ClientResult.Trained(9, 2, .5, changes, List.of());
      case TRAIN_AND_PROPOSE ->
          new ClientResult.Trained(
              9,
              2,
              .5,
              changes,
              List.of(GradientProposal.of(new int[] {1, 2, 4}, new float[] {3, -2, 1})));
    };
  }

  private static List<List<float[]>> statistics() {
    List<List<float[]>> norms = new ArrayList<>();
    for (int candidate = 0; candidate < CANDIDATES; candidate++) {
      norms.add(List.of(new float[8], new float[] {1, 1, 1, 1, 1, 1, 1, 1}));
    }
    return norms;
  }

  /** Masks that keep each unit whose index is a multiple. */
  private MaskSet masks(int version, int step) {
    return MaskSet.of(
        new MaskVersion(version),
        LAYOUT,
        PRUNABLE,
        List.of(Mask.of(WEIGHT.size(), unit -> unit % step == 0)));
  }
}
