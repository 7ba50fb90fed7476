package io.espalier.service.run;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.espalier.service.RunStatus;
import io.espalier.service.ServiceMessage;
import io.espalier.service.notice.Notice;
import java.util.List;
import java.util.Optional;

/** An event of the scheduler in the journal. Names are stored: none may change. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SchedulerEvent.Registered.class, name = "registered"),
  @JsonSubTypes.Type(value = SchedulerEvent.Reported.class, name = "reported"),
  @JsonSubTypes.Type(value = SchedulerEvent.Forgetting.class, name = "forgetting"),
  @JsonSubTypes.Type(value = SchedulerEvent.Forgotten.class, name = "forgotten"),
  @JsonSubTypes.Type(value = SchedulerEvent.Owed.class, name = "owed"),
  @JsonSubTypes.Type(value = SchedulerEvent.NoticeSettled.class, name = "notice-settled")
})
public sealed interface SchedulerEvent extends ServiceMessage {
  /** An event with the incarnation of the node that wrote it. */
  record Noted(String writer, SchedulerEvent event) implements ServiceMessage {}

  record Registered(long number, String run, RunSpec spec, Optional<String> key, String digest)
      implements SchedulerEvent {}

  record Reported(String run, RunStatus status, long revision, boolean ahead)
      implements SchedulerEvent {}

  /** The run is deleted; its files and rows are removed next. */
  record Forgetting(String run) implements SchedulerEvent {}

  /** Files and rows of the run are removed. */
  record Forgotten(String run) implements SchedulerEvent {}

  /** Destinations are owed a notice. */
  record Owed(Notice notice, List<String> destinations) implements SchedulerEvent {
    public Owed {
      destinations = List.copyOf(destinations);
    }

    Owed without(String destination) {
      return new Owed(
          notice, destinations.stream().filter(each -> !each.equals(destination)).toList());
    }
  }

  /** A destination has taken a notice, or will not get it. */
  record NoticeSettled(String notice, String destination) implements SchedulerEvent {}
}
