package io.espalier.federation.server;

import io.espalier.federation.refusal.RefusalReason;
import io.espalier.masks.MaskSet;
import io.espalier.masks.MaskVersion;
import io.espalier.masks.federated.NormClip;
import io.espalier.telemetry.event.FederationEvent;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.MalformedPayloadException;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import io.espalier.trainer.network.ParameterSpec.Role;
import io.espalier.trainer.state.StateLayout;
import io.espalier.trainer.state.TrainingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Reads the results of clients and refuses those that may not count. */
public final class ResultCheck {
  /** Squares of this, and sums of many of them, are finite. */
  private static final float LARGEST = 1e12f;

  /** How far below 0 rounding to 8 or 16 bits may bring a variance, relative to 1 + its value. */
  private static final float ROUNDING = 0.01f;

  private final NestedNetworks networks;

  public static final class RefusedResultException extends Exception {
    private final RefusalReason reason;

    RefusedResultException(RefusalReason reason, String detail) {
      super(detail);
      this.reason = reason;
    }

    public static RefusedResultException of(MalformedPayloadException failure) {
      return new RefusedResultException(
          RefusalReason.valueOf(failure.reason().name()), String.valueOf(failure.getMessage()));
    }

    public RefusalReason reason() {
      return reason;
    }
  }

  public ResultCheck(NestedNetworks networks) {
    this.networks = networks;
  }

  /** Reads a client's result; throws {@link RefusedResultException} if it may not count. */
  Contribution read(RoundTasks tasks, SelectedClient client, Path file)
      throws IOException, RefusedResultException {
    DeviceTier tier = client.tier();
    NarrowNetwork network = networks.at(tier.width());
    MaskSet masks = tasks.masks(tier);
    ResultCodec codec = new ResultCodec(network.federation().values().stateLayout());
    ClientResult result;
    try {
      result =
          codec.decode(
              ByteBuffer.wrap(Files.readAllBytes(file)),
              tasks.work(tier),
              masks,
              tasks.format(),
              tasks.candidates());
    } catch (MalformedPayloadException e) {
      throw RefusedResultException.of(e);
    }
    if (result.examples() != client.examples()) {
      throw new RefusedResultException(
          RefusalReason.WRONG_COUNT,
          "a result must come from the examples that its client named: examples=%d, named=%d"
              .formatted(result.examples(), client.examples()));
    }
    requireBounded(result, tier.width(), tasks.start(tier.width()));
    return new Contribution(client.client(), masks, network.slice(), result);
  }

  /**
   * Throws {@link RefusedResultException} if the norm exceeds {@code federation.largest-norm}, or a
   * value of {@code start} would leave its range.
   */
  public void requireBounded(ClientResult result, double width, TrainingState start)
      throws RefusedResultException {
    double norm = norm(result, width);
    Optional<Double> largest = networks.at(width).federation().rounds().merge().largestNorm();
    if (largest.isPresent() && norm > largest.get()) {
      throw new RefusedResultException(
          RefusalReason.NORM_BEYOND_BOUND,
          "a change must not exceed federation.largest-norm: norm=%s, largest-norm=%s"
              .formatted(norm, largest.get()));
    }
    if (result instanceof ClientResult.Trained trained) {
      requireInRange(trained, entries(width), start);
    }
  }

  private static void requireInRange(
      ClientResult.Trained trained, List<StateLayout.Entry> entries, TrainingState start)
      throws RefusedResultException {
    for (int i = 0; i < entries.size(); i++) {
      float[] before = start.values(i, 0);
      float[] changes = trained.changes().get(i);
      boolean variance = entries.get(i).role() == Role.RUNNING_VARIANCE;
      for (int unit = 0; unit < before.length; unit++) {
        float value = before[unit] + changes[unit];
        boolean negative = variance && value < -ROUNDING * (1 + Math.abs(before[unit]));
        if (!(Math.abs(value) <= LARGEST) || negative) {
          throw new RefusedResultException(
              RefusalReason.NOT_FINITE,
              "values must be up to 1e12, and variances not below 0: parameter=%s, value=%s"
                  .formatted(entries.get(i).id(), value));
        }
      }
    }
  }

  public FederationEvent.ClientReported reported(
      String client,
      String round,
      ClientResult result,
      double width,
      long bytes,
      double seconds,
      MaskVersion version) {
    return new FederationEvent.ClientReported(
        client,
        round,
        result.examples(),
        result instanceof ClientResult.Trained trained
            ? OptionalDouble.of(trained.loss())
            : OptionalDouble.empty(),
        norm(result, width),
        bytes,
        seconds,
        version.number());
  }

  /** Returns the Euclidean norm of the trained changes; 0 for a result without any. */
  private double norm(ClientResult result, double width) {
    if (!(result instanceof ClientResult.Trained trained)) {
      return 0;
    }
    List<StateLayout.Entry> entries = entries(width);
    return NormClip.norm(
        IntStream.range(0, entries.size())
            .filter(i -> entries.get(i).role().isTrained())
            .mapToObj(trained.changes()::get)
            .toList());
  }

  private List<StateLayout.Entry> entries(double width) {
    return networks.at(width).federation().values().stateLayout().entries();
  }
}
