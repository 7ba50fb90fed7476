package io.espalier.telemetry.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The rounds of a federation and what its clients do; the server speaks for all of them. The steps
 * of such a run are its completed rounds, in the events of other families too.
 */
public sealed interface FederationEvent extends Event {
  /**
   * The settings of a federation; once in each attempt.
   *
   * @param algorithm such as {@code fedtiny}
   * @param rounds training rounds of the whole run
   * @param cohort clients whose reports close a round
   * @param quorum reports that a round needs at least
   * @param overCommit clients invited for each that is wanted, 1 or more
   * @param encoding of the values that travel, such as {@code float16}
   * @param densityTiers density caps that are known beforehand, from above 0 to 1; clients bring
   *     theirs when they join
   */
  record FederationDescribed(
      String algorithm,
      long rounds,
      int cohort,
      int quorum,
      double overCommit,
      int localEpochs,
      String encoding,
      List<Double> densityTiers)
      implements FederationEvent {
    public FederationDescribed {
      densityTiers = List.copyOf(densityTiers);
    }
  }

  /**
   * The clients chose the initial masks. {@code losses} are weighted by examples; {@code
   * candidate}, from 0, has the lowest.
   */
  record CandidateChosen(int candidate, int candidates, List<Double> losses)
      implements FederationEvent {
    public CandidateChosen {
      losses = List.copyOf(losses);
    }
  }

  /**
   * The cohort of a round is chosen and invited; said again where a later attempt takes it up.
   *
   * @param round its name within the run, such as {@code norms} or {@code 7}
   * @param kind one of those of {@link RoundCompleted}
   * @param completedRounds training rounds completed before this one
   * @param wanted reports that close the round
   * @param learningRate of the local training; 0 where the round trains nothing
   */
  record RoundStarted(
      String round,
      String kind,
      long completedRounds,
      int wanted,
      int invited,
      int connected,
      int maskVersion,
      double learningRate)
      implements FederationEvent {}

  /**
   * A round is aggregated into the global model.
   *
   * @param kind {@link #ORDINARY}, {@link #ADJUSTMENT} or {@link #SELECTION}
   * @param completedRounds training rounds completed with this one
   * @param invited clients in the cohort
   * @param reported clients whose results count
   * @param late clients that were still at work when the round closed
   * @param lost clients that went away and sent no result
   * @param refused results that did not belong, with any reason
   * @param examples of all clients that reported
   * @param loss mean of the clients' training losses, weighted by examples; empty where nothing was
   *     trained
   * @param bytesUp from the clients: on the socket with TLS, or of the payloads in a simulation
   * @param bytesDown to the clients, counted in the same way
   * @param bytesDense what dense models of 32-bit values, both ways, cost for the same clients
   * @param maskVersion in force after the round
   * @param pruned units kept before and not now
   * @param regrown units kept now and not before
   * @param seconds from the invitation to the end of the aggregation
   * @param aggregateSeconds of these, for the aggregation and the mask update
   */
  record RoundCompleted(
      String round,
      String kind,
      long completedRounds,
      int invited,
      int reported,
      int late,
      int lost,
      int refused,
      long examples,
      OptionalDouble loss,
      long bytesUp,
      long bytesDown,
      long bytesDense,
      int maskVersion,
      long pruned,
      long regrown,
      double seconds,
      double aggregateSeconds)
      implements FederationEvent {
    public static final String ORDINARY = "ordinary";

    /** The clients train and propose units to regrow, and the masks change. */
    public static final String ADJUSTMENT = "adjustment";

    /** The clients evaluate candidate masks without training. */
    public static final String SELECTION = "selection";
  }

  /**
   * A round's merge was not adopted: the model keeps the values from before it, and its masks
   * follow their schedule.
   *
   * @param completedRounds training rounds completed with this one
   * @param lossBefore mean loss on the server's held-out examples at the start of the round
   * @param loss the same with the merged values
   * @param largest that the recipe would have adopted
   */
  record RoundRejected(
      String round, long completedRounds, double lossBefore, double loss, double largest)
      implements FederationEvent {}

  /**
   * The global model was measured as devices of one density cap and width hold it.
   *
   * @param density the cap, above 0 and up to 1
   * @param clients with this cap and width
   * @param accuracy share of correct answers on the test set, from 0 to 1
   * @param loss mean loss per example
   * @param width share of the network's channels that they have; empty for all
   * @param bitsPerCharacter as of {@link TrainingEvent.EvaluationCompleted}
   */
  record TierEvaluated(
      String round,
      long completedRounds,
      double density,
      int clients,
      double accuracy,
      double loss,
      long examples,
      OptionalDouble width,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble bitsPerCharacter)
      implements FederationEvent {
    /** A measurement that is read by its accuracy. */
    public TierEvaluated(
        String round,
        long completedRounds,
        double density,
        int clients,
        double accuracy,
        double loss,
        long examples,
        OptionalDouble width) {
      this(
          round,
          completedRounds,
          density,
          clients,
          accuracy,
          loss,
          examples,
          width,
          OptionalDouble.empty());
    }
  }

  /**
   * A client is connected and ready to be chosen.
   *
   * @param densityCap largest share of the prunable units that it may hold
   * @param examples that it trains on
   * @param software name and version, as the client says
   * @param width share of the network's channels that its memory holds; empty for all
   */
  record ClientJoined(
      String client, double densityCap, long examples, String software, OptionalDouble width)
      implements FederationEvent {
    @Override
    public Optional<String> subject() {
      return Optional.of(client);
    }
  }

  record ClientLeft(String client, String cause) implements FederationEvent {
    @Override
    public Optional<String> subject() {
      return Optional.of(client);
    }
  }

  /**
   * A client's result is on disk and counts in its round.
   *
   * @param loss mean over its training; empty where the round trains nothing
   * @param updateNorm Euclidean norm of what its training changed; 0 where it trains nothing
   * @param bytes of the result
   * @param seconds from the task to the receipt
   * @param maskVersion that the result is for
   */
  record ClientReported(
      String client,
      String round,
      long examples,
      OptionalDouble loss,
      double updateNorm,
      long bytes,
      double seconds,
      int maskVersion)
      implements FederationEvent {
    @Override
    public Optional<String> subject() {
      return Optional.of(client);
    }
  }

  /** The round no longer waits for a client of its cohort. */
  record ClientLate(String client, String round, String cause) implements FederationEvent {
    @Override
    public Optional<String> subject() {
      return Optional.of(client);
    }
  }

  /**
   * A client's message is refused and changes nothing.
   *
   * @param client empty if it is unknown
   * @param round that it was for; empty if it was for none
   * @param reason a stable word, such as {@code stale-round}
   * @param detail the rule, and the value that broke it
   */
  record UpdateRefused(
      Optional<String> client, Optional<String> round, String reason, String detail)
      implements FederationEvent {
    @Override
    public Optional<String> subject() {
      return client;
    }
  }
}
