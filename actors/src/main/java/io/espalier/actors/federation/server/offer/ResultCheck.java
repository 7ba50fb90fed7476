package io.espalier.actors.federation.server.offer;

import io.espalier.actors.federation.server.store.Invitee;
import io.espalier.actors.federation.session.ResultBounds;
import io.espalier.actors.federation.transfer.Reason;
import io.espalier.trainer.federated.Contribution;
import io.espalier.trainer.federated.PreparedFederation;
import io.espalier.trainer.federated.payload.MalformedPayloadException;
import io.espalier.trainer.federated.payload.ResultReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads results and tells those that do not belong. */
public final class ResultCheck {
  private final ResultBounds bounds;
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
    this.bounds = new ResultBounds(federation);
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
                  offer.work(client.densityCap()),
                  offer.holds(client.densityCap()),
                  offer.format(),
                  offer.candidates()));
    } catch (MalformedPayloadException e) {
      throw new RefusedResultException(ResultBounds.reason(e), String.valueOf(e.getMessage()));
    }
    requireExamples(contribution, client);
    requireNorm(contribution);
    requireFinite(contribution, offer);
    return contribution;
  }

  /** Norm of what was trained; 0 where nothing was. */
  public double norm(Contribution contribution) {
    return bounds.norm(contribution.result());
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

  private void requireFinite(Contribution contribution, RoundOffer offer)
      throws RefusedResultException {
    Optional<String> overflow = bounds.overflow(contribution.result(), offer.start());
    if (overflow.isPresent()) {
      throw new RefusedResultException(Reason.NOT_FINITE, overflow.get());
    }
  }

  private void requireNorm(Contribution contribution) throws RefusedResultException {
    Optional<String> excess = bounds.excess(contribution.result());
    if (excess.isPresent()) {
      throw new RefusedResultException(Reason.NORM_BEYOND_BOUND, excess.get());
    }
  }
}
