package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.FullQuota;
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
  @JsonSubTypes.Type(value = SchedulerReply.Full.class, name = "full"),
  @JsonSubTypes.Type(value = SchedulerReply.Listed.class, name = "listed"),
  @JsonSubTypes.Type(value = SchedulerReply.Known.class, name = "known"),
  @JsonSubTypes.Type(value = SchedulerReply.Gone.class, name = "gone"),
  @JsonSubTypes.Type(value = SchedulerReply.Overview.class, name = "overview")
})
public sealed interface SchedulerReply extends ServiceMessage {
  /**
   * The run is registered; {@code fresh} is false if an earlier submission of the same key made it.
   */
  record Taken(RunStatus status, boolean fresh) implements SchedulerReply {}

  record Refused(RefusedRequestException.Reason reason, String message) implements SchedulerReply {
    static Refused noNode() {
      return new Refused(
          RefusedRequestException.Reason.UNAVAILABLE,
          "no node has reported yet what it offers; try again");
    }

    static Refused noSuchRun(String run) {
      RefusedRequestException refused = RefusedRequestException.noSuchRun(run);
      return new Refused(refused.reason(), String.valueOf(refused.getMessage()));
    }

    public RefusedRequestException exception() {
      return new RefusedRequestException(reason, message);
    }
  }

  /** The run needs more than any node has; {@code path} is the recipe's key of that need. */
  record Unfit(String path, String message) implements SchedulerReply {}

  /** The run is too much for a quota. */
  record Full(FullQuota quota) implements SchedulerReply {}

  record Listed(RunPage page) implements SchedulerReply {}

  record Known(RunStatus status) implements SchedulerReply {}

  record Gone() implements SchedulerReply {}

  /**
   * The whole service: {@code waiting} runs are queued, {@code holding} ones have cores and memory.
   */
  record Overview(List<NodeUse> nodes, int waiting, int holding, int runs)
      implements SchedulerReply {
    public Overview {
      nodes = List.copyOf(nodes);
    }
  }

  record NodeUse(NodeOffer offer, int freeTrainers, long freeMemoryMb, int freeGateways) {}
}
