// All that read JSON read it by these.
global using OpCollector.Events.Json;
// Every stage fails in the same words, and has limits of time.
global using OpCollector.Messages;
global using OpCollector.Timing;
