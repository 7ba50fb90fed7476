package io.espalier.federation.server;

import io.espalier.federation.round.DeviceTier;
import io.espalier.federation.round.ResultBounds;
import io.espalier.federation.transfer.RefusalReason;
import io.espalier.trainer.federated.MalformedPayloadException;
import io.espalier.trainer.federated.NarrowNetwork;
import io.espalier.trainer.federated.NestedNetworks;
import io.espalier.trainer.federated.ResultCodec;
import io.espalier.trainer.federated.RoundMerge.Contribution;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads results and tells those that do not belong. */
final class ResultCheck {
  private final NestedNetworks networks;

  /** A result that may not count. */
  public static final class RefusedResultException extends Exception {
    private final RefusalReason reason;

    RefusedResultException(RefusalReason reason, String detail) {
      super(detail);
      this.reason = reason;
    }

    public RefusalReason reason() {
      return reason;
    }
  }

  public ResultCheck(NestedNetworks networks) {
    this.networks = networks;
  }

  /**
   * A client's result for a round.
   *
   * @throws RefusedResultException if it does not belong there
   */
  public Contribution read(RoundOffer offer, Invitee client, Path file)
      throws IOException, RefusedResultException {
    DeviceTier tier = client.tier();
    NarrowNetwork network = networks.at(tier.width());
    ResultCodec codec = new ResultCodec(network.federation().values().stateLayout());
    ResultBounds bounds = new ResultBounds(network.federation());
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    Contribution contribution;
    try {
      contribution =
          new Contribution(
              client.client(),
              offer.holds(tier),
              network.slice(),
              codec.decode(
                  bytes, offer.work(tier), offer.holds(tier), offer.format(), offer.candidates()));
    } catch (MalformedPayloadException e) {
      throw new RefusedResultException(ResultBounds.reason(e), String.valueOf(e.getMessage()));
    }
    requireExamples(contribution, client);
    require(RefusalReason.NORM_BEYOND_BOUND, bounds.excess(contribution.result()));
    require(
        RefusalReason.NOT_FINITE,
        bounds.overflow(contribution.result(), offer.start(tier.width())));
    return contribution;
  }

  /** Norm of what was trained; 0 where nothing was. */
  public double norm(Contribution contribution, DeviceTier tier) {
    return new ResultBounds(networks.at(tier.width()).federation()).norm(contribution.result());
  }

  private static void requireExamples(Contribution contribution, Invitee client)
      throws RefusedResultException {
    if (contribution.result().examples() != client.examples()) {
      throw new RefusedResultException(
          RefusalReason.WRONG_COUNT,
          "a result must come from the examples that its client named: examples=%d, named=%d"
              .formatted(contribution.result().examples(), client.examples()));
    }
  }

  private static void require(RefusalReason reason, Optional<String> broken)
      throws RefusedResultException {
    if (broken.isPresent()) {
      throw new RefusedResultException(reason, broken.get());
    }
  }
}
