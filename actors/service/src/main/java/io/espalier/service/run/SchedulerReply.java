package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunPage;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.util.List;

@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "reply")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SchedulerReply.Taken.class, name = "taken"),
  @JsonSubTypes.Type(value = SchedulerReply.Refused.class, name = "refused"),
  @JsonSubTypes.Type(value = SchedulerReply.Unfit.class, name = "unfit"),
  @JsonSubTypes.Type(value = SchedulerReply.Listed.class, name = "listed"),
  @JsonSubTypes.Type(value = SchedulerReply.Known.class, name = "known"),
  @JsonSubTypes.Type(value = SchedulerReply.Gone.class, name = "gone"),
  @JsonSubTypes.Type(value = SchedulerReply.Overview.class, name = "overview")
})
public sealed interface SchedulerReply extends ServiceMessage {
  /**
   * The run is registered.
   *
   * @param fresh false if an earlier submission of the same key had made it
   */
  record Taken(RunStatus status, boolean fresh) implements SchedulerReply {}

  record Refused(RefusedRequestException.Reason reason, String message) implements SchedulerReply {
    static Refused noNode() {
      return new Refused(
          RefusedRequestException.Reason.UNAVAILABLE,
          "no node has reported yet what it offers; try again");
    }

    static Refused noSuchRun(String run) {
      return new Refused(
          RefusedRequestException.Reason.NO_SUCH_RUN,
          "a run must exist: run=" + run + "; list the runs to see their ids");
    }

    public RefusedRequestException exception() {
      return new RefusedRequestException(reason, message);
    }
  }

  /** The run needs more than any node has; {@code path} is the recipe's key that says so. */
  record Unfit(String path, String message) implements SchedulerReply {}

  record Listed(RunPage page) implements SchedulerReply {}

  /** The newest status of a run. */
  record Known(RunStatus status) implements SchedulerReply {}

  /** Nothing is left of the run. */
  record Gone() implements SchedulerReply {}

  /**
   * The service as a whole.
   *
   * @param waiting runs in the queue
   * @param holding runs that have cores and memory
   */
  record Overview(List<NodeUse> nodes, int waiting, int holding, int runs)
      implements SchedulerReply {
    public Overview {
      nodes = List.copyOf(nodes);
    }
  }

  /** A node's offer, and how much of it is free. */
  record NodeUse(NodeOffer offer, int freeTrainers, long freeMemoryMb, int freeGateways) {}
}
