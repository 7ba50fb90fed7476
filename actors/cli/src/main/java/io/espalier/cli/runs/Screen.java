package io.espalier.cli.runs;

import io.espalier.service.client.RunEventStream.EventLine;
import java.io.PrintWriter;

/** Where a watched run is shown; used by one thread. */
interface Screen {
  void show(EventLine event);

  void say(String line);

  void finish();

  /** The events as they are, one line of JSON each; everything else beside them. */
  record LineScreen(PrintWriter out, PrintWriter err) implements Screen {
    @Override
    public void show(EventLine event) {
      out.println(event.json());
      out.flush();
    }

    @Override
    public void say(String line) {
      err.println(line);
      err.flush();
    }

    @Override
    public void finish() {
      out.flush();
    }
  }
}
