package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.LifecycleEntry;
import io.espalier.service.RefusedRequestException;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import java.util.List;

/** What an entity answers. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "answer")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunReply.Stands.class, name = "stands"),
  @JsonSubTypes.Type(value = RunReply.Happened.class, name = "happened"),
  @JsonSubTypes.Type(value = RunReply.Refused.class, name = "refused")
})
public sealed interface RunReply extends ServiceMessage {
  /** How the run stands now. */
  record Stands(RunStatus status) implements RunReply {}

  /** What happened to it. */
  record Happened(List<LifecycleEntry> entries) implements RunReply {
    public Happened {
      entries = List.copyOf(entries);
    }
  }

  /** What was asked cannot be done. */
  record Refused(RefusedRequestException.Reason reason, String message) implements RunReply {
    public static Refused of(RefusedRequestException e) {
      return new Refused(e.reason(), String.valueOf(e.getMessage()));
    }

    public RefusedRequestException exception() {
      return new RefusedRequestException(reason, message);
    }
  }
}
