package io.espalier.cli.runs;

import io.espalier.service.client.RunEventStream.EventLine;

/** Where a watched run is shown; used by one thread. */
interface Screen {
  /** An event of the run, each once and in order. */
  void show(EventLine event);

  /** Something about the run or the watching itself. */
  void say(String line);

  /** Leaves what is open on a line of its own. */
  void finish();
}
