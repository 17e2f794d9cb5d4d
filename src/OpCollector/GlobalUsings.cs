// All that read JSON read it by these.
global using OpCollector.Events.Json;
