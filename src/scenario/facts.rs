//! What is known about one case: a value for each input that is given, and the readings chosen.

use crate::model::{InputId, Model, ReadingId, Scenario};
use crate::value::Value;

/// The facts of one case and the readings chosen for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    inputs: Vec<Option<Value>>,
    readings: Vec<Option<u32>>,
}

impl Facts {
    /// No facts yet, for an edition's inputs; each reading has its default, or is open.
    pub fn none(model: &Model) -> Self {
        Facts { inputs: vec![None; model.inputs.len()], readings: model.readings.iter().map(|r| r.default).collect() }
    }

    /// What a scenario gives.
    pub fn of(model: &Model, scenario: &Scenario) -> Self {
        let mut facts = Facts::none(model);
        for (id, value, _) in &scenario.given {
            facts.give(*id, value.clone());
        }
        for (id, choice) in &scenario.readings {
            facts.choose(*id, *choice);
        }
        facts
    }

    pub fn get(&self, id: InputId) -> Option<&Value> {
        self.inputs.get(id.index())?.as_ref()
    }

    pub fn give(&mut self, id: InputId, value: Value) {
        self.inputs[id.index()] = Some(value);
    }

    pub fn take(&mut self, id: InputId) -> Option<Value> {
        self.inputs[id.index()].take()
    }

    /// The choice made for a reading; `None` while it is open.
    pub fn reading(&self, id: ReadingId) -> Option<u32> {
        self.readings.get(id.index()).copied().flatten()
    }

    pub fn choose(&mut self, id: ReadingId, choice: u32) {
        self.readings[id.index()] = Some(choice);
    }

    /// Leaves a reading open, whatever its default.
    pub fn reopen(&mut self, id: ReadingId) {
        self.readings[id.index()] = None;
    }

    /// The readings that are chosen, in source order.
    pub fn chosen(&self) -> impl Iterator<Item = (ReadingId, u32)> {
        self.readings.iter().enumerate().filter_map(|(i, choice)| choice.map(|c| (ReadingId(i as u32), c)))
    }

    /// The inputs that are given, in source order.
    pub fn given(&self) -> impl Iterator<Item = (InputId, &Value)> {
        self.inputs.iter().enumerate().filter_map(|(i, v)| v.as_ref().map(|v| (InputId(i as u32), v)))
    }
}
