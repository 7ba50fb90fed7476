package io.espalier.actors.federation.server.offer;

import io.espalier.actors.federation.server.store.Invitee;
import io.espalier.actors.federation.transfer.Reason;
import io.espalier.masks.aggregation.NormClip;
import io.espalier.trainer.federated.ClientResult;
import io.espalier.trainer.federated.Contribution;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.payload.MalformedPayloadException;
import io.espalier.trainer.federated.payload.ResultReader;
import io.espalier.trainer.state.StateLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads results and tells those that do not belong. */
public final class ResultCheck {
  private final PreparedFederation federation;
  private final List<StateLayout.Entry> entries;
  private final ResultReader reader;

  /** A result that may not count. */
  public static final class RefusedResultException extends Exception {
    private final Reason reason;

    RefusedResultException(Reason reason, String detail) {
      super(detail);
      this.reason = reason;
    }

    public Reason reason() {
      return reason;
    }
  }

  public ResultCheck(PreparedFederation federation) {
    this.federation = federation;
    this.entries = federation.values().stateLayout().entries();
    this.reader = new ResultReader(federation.values().stateLayout());
  }

  /**
   * A client's result for a round.
   *
   * @throws RefusedResultException if it does not belong there
   */
  public Contribution read(RoundOffer offer, Invitee client, Path file)
      throws IOException, RefusedResultException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    Contribution contribution;
    try {
      contribution =
          new Contribution(
              client.client(),
              offer.holds(client.densityCap()),
              reader.read(
                  bytes,
                  offer.work(),
                  offer.holds(client.densityCap()),
                  offer.format(),
                  offer.candidates()));
    } catch (MalformedPayloadException e) {
      throw new RefusedResultException(reason(e.reason()), String.valueOf(e.getMessage()));
    }
    requireExamples(contribution, client);
    requireNorm(contribution);
    return contribution;
  }

  /** Norm of what was trained; 0 where nothing was. */
  public double norm(Contribution contribution) {
    if (!(contribution.result() instanceof ClientResult.Trained trained)) {
      return 0;
    }
    List<float[]> changes = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).role().isTrained()) {
        changes.add(trained.changes().get(i));
      }
    }
    return NormClip.norm(changes);
  }

  private static void requireExamples(Contribution contribution, Invitee client)
      throws RefusedResultException {
    if (contribution.result().examples() != client.examples()) {
      throw new RefusedResultException(
          Reason.WRONG_COUNT,
          "a result must come from the examples that its client named: examples=%d, named=%d"
              .formatted(contribution.result().examples(), client.examples()));
    }
  }

  private void requireNorm(Contribution contribution) throws RefusedResultException {
    Optional<Double> largest = federation.rounds().largestNorm();
    double norm = norm(contribution);
    if (largest.filter(bound -> norm > bound).isPresent()) {
      throw new RefusedResultException(
          Reason.NORM_BEYOND_BOUND,
          "a change must not exceed federation.largest-norm: norm=%s, largest-norm=%s"
              .formatted(norm, largest.get()));
    }
  }

  private static Reason reason(MalformedPayloadException.Reason reason) {
    return switch (reason) {
      case MALFORMED -> Reason.MALFORMED;
      case WRONG_COUNT -> Reason.WRONG_COUNT;
      case NOT_FINITE -> Reason.NOT_FINITE;
    };
  }
}
